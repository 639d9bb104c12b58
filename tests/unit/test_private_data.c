/*
 * Numbers that should not stand in an open room.  All of them are made up: they
 * carry check digits, right or wrong, and stand for nobody.
 */
#include "text_fixture.h"

#include <string.h>

#include "base/str.h"

struct sample {
	const char	*text, *what, *words;	/* words: where the span lies; NULL: no span of that sort */
	bool		 certain;
};

static void
check(struct fixture *f, const struct sample *s)
{
	const struct intent *in = hear(f, s->text);
	const struct span *found = NULL;

	for (size_t i = 0; i < in->nspans; i++)
		if (strcmp(in->spans[i].what, s->what) == 0)
			found = &in->spans[i];
	if (s->words == NULL) {
		if (found != NULL)
			fail_msg("\"%s\" has a %s in it", s->text, s->what);
		return;
	}
	if (found == NULL)
		fail_msg("\"%s\" has no %s", s->text, s->what);
	if (found->len != strlen(s->words) || strncmp(s->text + found->at, s->words, found->len) != 0)
		fail_msg("\"%s\": the %s is \"%.*s\"", s->text, s->what, (int)found->len, s->text + found->at);
	if (found->certain != s->certain)
		fail_msg("\"%s\": the %s is %scertain", s->text, s->what, found->certain ? "" : "not ");
}

static void
finds_identity_numbers(void **state)
{
	static const struct sample samples[] = {
		{ "11010519491231002X", "id_number", "11010519491231002X", true },
		{ "我的身份证号是11010519491231002x帮我查", "id_number", "11010519491231002x", true },
		{ "身份證１１０１０５１９４９１２３１００２Ｘ", "id_number", "１１０１０５１９４９１２３１００２Ｘ", true },
		{ "id 110105 19491231 002X please", "id_number", "110105 19491231 002X", true },
		{ "440307199002281234 是我的", "id_number", "440307199002281234", true },
		/* The check digit does not hold: masked in the record, never spoken about. */
		{ "110105194912310021", "id_number", "110105194912310021", false },
		/* Eighteen digits without a birthday in them, although the check digit holds. */
		{ "单号 340403199913011231 到了", "id_number", NULL, false },
		{ "1234567890123456789012", "id_number", NULL, false },
		/* Hong Kong, Taiwan, Macau */
		{ "HKID A123456(3)", "id_number", "A123456(3)", true }, { "身份證號碼A123456（3）", "id_number", "A123456（3）", true },
		{ "A123456(4)", "id_number", "A123456(4)", false }, { "A1234563", "id_number", "A1234563", false },
		{ "A123456789", "id_number", "A123456789", true }, { "身分證字號A123456789。", "id_number", "A123456789", true },
		{ "A123456788", "id_number", "A123456788", false }, { "5123456(7)", "id_number", "5123456(7)", false },
		{ "room A12", "id_number", NULL, false }, { "flight CX123456", "id_number", NULL, false },
		{ "2026-11-23 09:00", "id_number", NULL, false },
	};

	for (size_t i = 0; i < sizeof samples / sizeof *samples; i++)
		check(*state, &samples[i]);
}

static void
finds_bank_cards(void **state)
{
	static const struct sample samples[] = {
		{ "4111111111111111", "bank_card", "4111111111111111", true },
		{ "卡号4111 1111 1111 1111，请查收", "bank_card", "4111 1111 1111 1111", true },
		{ "4111-1111-1111-1111", "bank_card", "4111-1111-1111-1111", true },
		{ "银行卡6222020200112222被盗刷", "bank_card", "6222020200112222", true },
		{ "６２２２０２０２００１１２２２２", "bank_card", "６２２２０２０２００１１２２２２", true },
		{ "6217001234567890122", "bank_card", "6217001234567890122", true },
		{ "622202 0200112222", "bank_card", "622202 0200112222", true },
		{ "6217 0012 3456 7890 122", "bank_card", "6217 0012 3456 7890 122", true },
		{ "4111111111111112", "bank_card", "4111111111111112", false },
		{ "快递单号 9876543210123456", "bank_card", NULL, false },
		{ "1000000000000008", "bank_card", NULL, false },
		{ "411111111111", "bank_card", NULL, false },
	};

	for (size_t i = 0; i < sizeof samples / sizeof *samples; i++)
		check(*state, &samples[i]);
}

static void
knows_telephones_and_plates(void **state)
{
	static const struct sample samples[] = {
		{ "电话13812345678", "phone", "13812345678", false }, { "138 1234 5678", "phone", "138 1234 5678", false },
		{ "138-1234-5678", "phone", "138-1234-5678", false }, { "+86 138 1234 5678", "phone", "86 138 1234 5678", false },
		{ "聯絡 9123 4567", "phone", "9123 4567", false }, { "call 91234567", "phone", "91234567", false },
		{ "+852 9123 4567", "phone", "852 9123 4567", false }, { "0912345678", "phone", "0912345678", false },
		{ "0912-345-678", "phone", "0912-345-678", false }, { "0554-6661234", "phone", "0554-6661234", false },
		{ "联系１３８１２３４５６７８", "phone", "１３８１２３４５６７８", false },
		{ "110", "phone", NULL, false }, { "12345", "phone", NULL, false }, { "2026-11-23", "phone", NULL, false },
		{ "3栋402", "phone", NULL, false }, { "#4711", "phone", NULL, false },
		{ "车牌皖A12345", "plate", "皖A12345", false }, { "皖D·8X123 挡路", "plate", "皖D·8X123", false },
		{ "粤BD12345", "plate", "粤BD12345", false }, { "苏州A12", "plate", NULL, false },
	};

	for (size_t i = 0; i < sizeof samples / sizeof *samples; i++)
		check(*state, &samples[i]);
}

/* A telephone is what people want to be read by: it is never a reason to speak of privacy. */
static void
leaves_telephones_alone(void **state)
{
	static const char *const lines[] = { "看到请联系13812345678", "有看到的請聯絡 0912-345-678", "call me on +852 9123 4567" };

	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
		const struct intent *in = hear(*state, lines[i]);

		assert_int_equal(in->nspans, 1);
		assert_string_equal(in->spans[0].what, "phone");
		assert_false(in->spans[0].certain);
	}
}

static void
finds_several_in_a_line(void **state)
{
	const char *line = "我是11010519491231002X，卡4111111111111111，电话13812345678，车皖A12345";
	const struct intent *in = hear(*state, line);

	assert_int_equal(in->nspans, 4);
	assert_string_equal(in->spans[0].what, "id_number");
	assert_string_equal(in->spans[1].what, "bank_card");
	assert_string_equal(in->spans[2].what, "phone");
	assert_string_equal(in->spans[3].what, "plate");
	for (size_t i = 1; i < in->nspans; i++)
		assert_true(in->spans[i].at >= in->spans[i - 1].at + in->spans[i - 1].len);
}

static void
masks_what_is_private(void **state)
{
	static const struct {
		const char	*text, *masked;
	} lines[] = {
		{ "身份证11010519491231002X", "身份证1101**********002X" },
		{ "卡4111 1111 1111 1111好", "卡4111***********1111好" },
		{ "打13812345678找我", "打138****5678找我" },
		{ "call 9123 4567", "call 91******7" },
		{ "A123456(3)", "A1******3)" },
		{ "nothing here, 3栋402", "nothing here, 3栋402" },
		{ "", "" },
	};
	struct fixture *f = *state;

	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
		assert_string_equal(text_mask(lines[i].text, hear(f, lines[i].text), f->arena), lines[i].masked);
}

/* What is masked leaves no run of digits that the reader would find again. */
static void
masks_for_good(void **state)
{
	static const char *const lines[] = { "11010519491231002X", "4111111111111111", "6217001234567890122", "13812345678",
	    "A123456789", "A123456(3)", "１１０１０５１９４９１２３１００２Ｘ", "皖A12345" };
	struct fixture *f = *state;

	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
		char *masked = text_mask(lines[i], hear(f, lines[i]), f->arena);

		assert_true(f->in.nspans == 1);
		assert_true(strchr(masked, '*') != NULL);
		assert_int_equal(hear(f, masked)->nspans, 0);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_identity_numbers),
		cmocka_unit_test(finds_bank_cards),
		cmocka_unit_test(knows_telephones_and_plates),
		cmocka_unit_test(leaves_telephones_alone),
		cmocka_unit_test(finds_several_in_a_line),
		cmocka_unit_test(masks_what_is_private),
		cmocka_unit_test(masks_for_good),
	};

	return cmocka_run_group_tests(tests, fixture_open, fixture_close);
}
