# Kinds: the shipped ones load, once; all or none; what is gone from the directory is ended.
db=roster
before=$(generation)
does 0 'new +kind +lost_item' kind load
check "kinds are news" $((before + 1)) "$(generation)"
does 0 'nothing to change' kind load
check "the same kinds are not" $((before + 1)) "$(generation)"
check "each file is there, whole" "" "$(for f in "$src"/share/kinds/*.conf; do
	ask "SELECT code FROM kind WHERE md5(source) = '$(md5sum <"$f" | cut -d' ' -f1)'" | grep -q . || echo "$f"; done)"
does 0 'lost_item +service' kind list
does 0 '"code":"lost_item"' kind list --json

cp -r "$src/share/kinds" "$dir/kinds"
rm "$dir"/kinds/*suggestion*.conf
echo 'keep-days = 0' >>"$(ls "$dir"/kinds/*.conf | head -n 1)"
does 1 'keep-days' kind load "$dir/kinds"
check "one bad file stops all" $((before + 1)) "$(generation)"
sed -i '$d' "$(ls "$dir"/kinds/*.conf | head -n 1)"
does 0 'ended +kind +suggestion' kind load "$dir/kinds"
does 0 'revived +kind +suggestion' kind load
does 0 'nothing to change' kind load "$(ls "$dir"/kinds/*.conf | head -n 1)"
mkdir "$dir/twice"
cp "$dir"/kinds/*lost*.conf "$dir/twice/a.conf" && cp "$dir/twice/a.conf" "$dir/twice/b.conf"
does 1 'b.conf: code "lost_item" is that of .*a.conf' kind load "$dir/twice"
does 1 'cannot read .*none' kind load "$dir/none"
mkdir "$dir/nothing"
does 1 'end in .conf' kind load "$dir/nothing"
check "JSON is what it says" "written,generation,changes" "$(ask "SELECT string_agg(k, ',') FROM json_object_keys(\$json\$$(ctl kind load --json)\$json\$) k")"
