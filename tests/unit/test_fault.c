/* Each SQLSTATE to who must act: the codes that PostgreSQL's manual, appendix A, gives for what can happen to a hall. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "store/fault.h"

static void
knows_who_must_act(void **state)
{
	static const struct {
		const char	*sqlstate;
		enum fault	 fault;
	} cases[] = {
		{ NULL, FAULT_UNSURE },		/* libpq's own: the connection broke */
		{ "40001", FAULT_BUSY }, { "40P01", FAULT_BUSY }, { "55P03", FAULT_BUSY }, { "57014", FAULT_BUSY },
		{ "53100", FAULT_BUSY }, { "53200", FAULT_BUSY }, { "53300", FAULT_BUSY },
		{ "57P01", FAULT_UNSURE }, { "57P02", FAULT_UNSURE }, { "57P03", FAULT_UNSURE },
		{ "08006", FAULT_UNSURE }, { "08P01", FAULT_UNSURE }, { "40003", FAULT_UNSURE },
		{ "26000", FAULT_BUSY }, { "42P05", FAULT_BUSY },
		{ "23505", FAULT_CLASH },
		{ "23503", FAULT_BUG }, { "23514", FAULT_BUG }, { "22021", FAULT_BUG }, { "22012", FAULT_BUG },
		{ "42501", FAULT_BUG }, { "42P01", FAULT_BUG }, { "42601", FAULT_BUG }, { "XX000", FAULT_BUG },
		{ "", FAULT_BUG },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof cases / sizeof cases[0]; i++)
		if (fault_of_sqlstate(cases[i].sqlstate) != cases[i].fault)
			fail_msg("%s is %s", cases[i].sqlstate, fault_name(fault_of_sqlstate(cases[i].sqlstate)));
}

static void
every_fault_has_a_name(void **state)
{
	int f, g;

	(void)state;
	for (f = FAULT_NONE; f <= FAULT_BUG; f++) {
		assert_non_null(fault_name((enum fault)f));
		for (g = FAULT_NONE; g < f; g++)
			assert_string_not_equal(fault_name((enum fault)f), fault_name((enum fault)g));
	}
}

/* An error is a value: one that is too long is cut, and the fault comes back. */
static void
an_error_is_cut(void **state)
{
	struct err err;
	char text[2 * sizeof err.text];

	(void)state;
	memset(text, 'x', sizeof text - 1);
	text[sizeof text - 1] = '\0';
	assert_int_equal(err_set(&err, FAULT_DENIED, "%s", text), FAULT_DENIED);
	assert_int_equal(err.fault, FAULT_DENIED);
	assert_int_equal(strlen(err.text), sizeof err.text - 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(knows_who_must_act),
		cmocka_unit_test(every_fault_has_a_name),
		cmocka_unit_test(an_error_is_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
