/* moothall.conf: what is read, what is missing, and that every refusal says where and what to do. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/conf.h"

#define LEAST "component = \"hall.example.org\"\nmuc = \"rooms.example.org\"\n"
#define SECRET "secret = \"s3cret\"\n"

struct files {
	char	conf[64], secret[64];
};

static int
setup(void **state)
{
	static struct files f;
	int fd;

	f = (struct files){ "/tmp/mh-conf.XXXXXX", "/tmp/mh-secret.XXXXXX" };
	if ((fd = mkstemp(f.conf)) < 0 || close(fd) != 0 || (fd = mkstemp(f.secret)) < 0 || close(fd) != 0)
		return -1;
	*state = &f;
	return 0;
}

static int
teardown(void **state)
{
	struct files *f = *state;

	unlink(f->conf);
	unlink(f->secret);
	return 0;
}

static void
put(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	fputs(text, f);
	assert_int_equal(fclose(f), 0);
}

static void
reads_and_fills_in(void **state)
{
	struct files *f = *state;
	struct err err;
	struct conf *c;

	put(f->conf, LEAST SECRET);
	assert_non_null(c = conf_load(f->conf, &err));
	assert_string_equal(c->component, "hall.example.org");
	assert_string_equal(c->muc, "rooms.example.org");
	assert_string_equal(c->secret, "s3cret");
	assert_string_equal(c->server, "127.0.0.1");
	assert_int_equal(c->port, 5347);
	assert_string_equal(c->staff, "hall");
	assert_string_equal(c->database, "dbname=moothall");
	assert_int_equal(c->grace_percent, 100);
	/* The specification's default: reconnecting waits at most a minute. */
	assert_int_equal(c->backoff_max, 60);
	assert_int_equal(c->ping_every, 60);
	assert_int_equal(c->joins_in_flight, 100);
	conf_free(&c);
	assert_null(c);
	conf_free(&c);
}

static void
reads_the_secret_from_a_file(void **state)
{
	struct files *f = *state;
	char text[512];
	struct err err;
	struct conf *c;

	put(f->secret, "from the file\n");
	snprintf(text, sizeof text, LEAST "secret-file = \"%s\"\n", f->secret);
	put(f->conf, text);
	assert_non_null(c = conf_load(f->conf, &err));
	assert_string_equal(c->secret, "from the file");
	conf_free(&c);
	unlink(f->secret);
	assert_null(conf_load(f->conf, &err));
	assert_non_null(strstr(err.text, "secret-file"));
	assert_non_null(strstr(err.text, f->secret));
}

static void
refuses(void **state)
{
	static const struct {
		const char	*text, *words;
	} bad[] = {
		{ SECRET, "`component` is not set" }, { LEAST, "`secret (or secret-file)` is not set" },
		{ "component = \"h\"\n" SECRET, "`muc` is not set" }, { LEAST SECRET "database = \"\"\n", "`database` is not set" },
		{ LEAST SECRET "colour = 1\n", ":4: " }, { LEAST SECRET "port = \"x\"\n", ":4: " }, { LEAST SECRET "port = 0\n", "`port`" },
		{ LEAST SECRET "port = 70000\n", "`port`" }, { LEAST SECRET "grace-percent = -1\n", "`grace-percent`" },
		{ LEAST SECRET "backoff-max = 0\n", "`backoff-max`" },
		{ "component = \"x@hall\"\nmuc = \"m\"\n" SECRET, "without \"@\"" },
	};
	struct files *f = *state;
	struct err err;
	size_t i;

	for (i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		struct conf *c;

		put(f->conf, bad[i].text);
		c = conf_load(f->conf, &err);
		if (c != NULL || strstr(err.text, bad[i].words) == NULL || strstr(err.text, f->conf) == NULL)
			fail_msg("\"%s\": %s", bad[i].text, c ? "was read" : err.text);
	}
	unlink(f->conf);
	assert_null(conf_load(f->conf, &err));
	assert_int_equal(err.fault, FAULT_ABSENT);
	assert_non_null(strstr(err.text, "-c"));
}

static void
never_tells_the_secret(void **state)
{
	struct files *f = *state;
	struct err err;

	put(f->conf, LEAST SECRET "port = 0\n");
	assert_null(conf_load(f->conf, &err));
	assert_null(strstr(err.text, "s3cret"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(reads_and_fills_in, setup, teardown),
		cmocka_unit_test_setup_teardown(reads_the_secret_from_a_file, setup, teardown),
		cmocka_unit_test_setup_teardown(refuses, setup, teardown),
		cmocka_unit_test_setup_teardown(never_tells_the_secret, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
