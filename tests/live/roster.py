"""The roster of the live tests: a bureau with one station for each script."""
from episodes import WORDS
from servers import DOMAIN, midday_zone

LANGS = {"hans": "zh-Hans", "hant": "zh-Hant", "en": "en"}
MORE = ["calm", "term", "kill", "clean", "crash"]     # rooms for the restarts


def write(path):
    rows = [f"unit,county,,bureau,和平县公安局,{midday_zone()},24h,police=110;fire=119;medical=120"]
    for script, lang in LANGS.items():
        rows.append(f"unit,{script},county,station,{'Lu Town Police Station' if script == 'en' else '庐镇派出所'},,,")
        rows += [f"room,{e}-{script},{script},{e} {script},,,{lang},bao-{script}@{DOMAIN},normal" for e in ("e2", "e5", "e6")]
        rows.append(f"staff,bao-{script}@{DOMAIN},{script},officer,{WORDS[script]['officer']},{WORDS[script]['officer']},,,")
    rows += [f"room,{r},hans,{r},,,zh-Hans,bao-hans@{DOMAIN},normal" for r in MORE]
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
