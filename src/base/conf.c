#include "base/conf.h"

#include <confuse.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/str.h"

/* libconfuse reports through a callback without a context; the first complaint is the one that counts. */
static _Thread_local struct err *complaint;

__attribute__((format(printf, 2, 0)))
static void
on_confuse_error(cfg_t *cfg, const char *fmt, va_list ap)
{
	char text[256];

	if (complaint == NULL || complaint->fault != FAULT_NONE)
		return;
	vsnprintf(text, sizeof text, fmt, ap);
	err_set(complaint, FAULT_USAGE, "%s:%d: %s (see moothall.conf(5))",
	    cfg->filename ? cfg->filename : "moothall.conf", cfg->line, text);
}

static char *
read_secret(const char *path, struct err *err)
{
	char line[512] = "";
	FILE *f = fopen(path, "r");

	if (f == NULL) {
		err_set(err, FAULT_ABSENT, "cannot read secret-file %s: %s; make it readable by the user that runs the hall",
		    path, strerror(errno));
		return NULL;
	}
	if (fgets(line, sizeof line, f) == NULL)
		line[0] = '\0';
	fclose(f);
	line[strcspn(line, "\r\n")] = '\0';
	return xstrdup(line);
}

static enum fault
require(const struct conf *c, const char *path, struct err *err)
{
	const struct { const char *name, *value; } needed[] = {
		{ "component", c->component }, { "secret (or secret-file)", c->secret },
		{ "muc", c->muc }, { "database", c->database },
	};
	size_t i;

	for (i = 0; i < sizeof needed / sizeof needed[0]; i++)
		if (needed[i].value == NULL || needed[i].value[0] == '\0')
			return err_set(err, FAULT_USAGE, "%s: `%s` is not set; see moothall.conf(5)", path, needed[i].name);
	if (strchr(c->component, '@') || strchr(c->muc, '@'))
		return err_set(err, FAULT_USAGE, "%s: `component` and `muc` are domains, without \"@\"", path);
	if (c->port < 1 || c->port > 65535)
		return err_set(err, FAULT_USAGE, "%s: `port` must be between 1 and 65535", path);
	if (c->grace_percent < 0 || c->grace_percent > 1000)
		return err_set(err, FAULT_USAGE, "%s: `grace-percent` must be between 0 and 1000", path);
	if (c->backoff_max < 1 || c->ping_every < 1 || c->joins_in_flight < 1)
		return err_set(err, FAULT_USAGE, "%s: `backoff-max`, `ping-every` and `joins-in-flight` must be at least 1", path);
	return FAULT_NONE;
}

static struct conf *
take(cfg_t *cfg, const char *path, struct err *err)
{
	struct conf *c = xcalloc(1, sizeof *c);
	const char *file = cfg_getstr(cfg, "secret-file");

	c->component = xstrdup(cfg_getstr(cfg, "component"));
	c->server = xstrdup(cfg_getstr(cfg, "server"));
	c->port = (int)cfg_getint(cfg, "port");
	c->secret = file != NULL && file[0] != '\0' ? read_secret(file, err) : xstrdup(cfg_getstr(cfg, "secret"));
	c->muc = xstrdup(cfg_getstr(cfg, "muc"));
	c->nick = xstrdup(cfg_getstr(cfg, "nick"));
	c->staff = xstrdup(cfg_getstr(cfg, "staff"));
	c->database = xstrdup(cfg_getstr(cfg, "database"));
	c->share = xstrdup(cfg_getstr(cfg, "share"));
	c->grace_percent = (int)cfg_getint(cfg, "grace-percent");
	c->backoff_max = (int)cfg_getint(cfg, "backoff-max");
	c->ping_every = (int)cfg_getint(cfg, "ping-every");
	c->joins_in_flight = (int)cfg_getint(cfg, "joins-in-flight");
	if (err->fault != FAULT_NONE || require(c, path, err) != FAULT_NONE)
		conf_free(&c);
	return c;
}

struct conf *
conf_load(const char *path, struct err *err)
{
	cfg_opt_t opts[] = {
		CFG_STR("component", NULL, CFGF_NONE),
		CFG_STR("server", "127.0.0.1", CFGF_NONE),
		CFG_INT("port", 5347, CFGF_NONE),
		CFG_STR("secret", NULL, CFGF_NONE),
		CFG_STR("secret-file", NULL, CFGF_NONE),
		CFG_STR("muc", NULL, CFGF_NONE),
		CFG_STR("nick", "議事廳", CFGF_NONE),
		CFG_STR("staff", "hall", CFGF_NONE),
		CFG_STR("database", "dbname=moothall", CFGF_NONE),
		CFG_STR("share", PKGDATADIR, CFGF_NONE),
		CFG_INT("grace-percent", 100, CFGF_NONE),
		CFG_INT("backoff-max", 60, CFGF_NONE),
		CFG_INT("ping-every", 60, CFGF_NONE),
		CFG_INT("joins-in-flight", 100, CFGF_NONE),
		CFG_END()
	};
	cfg_t *cfg = cfg_init(opts, CFGF_NONE);
	struct conf *c = NULL;
	int rc;

	err->fault = FAULT_NONE;
	cfg_set_error_function(cfg, on_confuse_error);
	complaint = err;
	rc = cfg_parse(cfg, path);
	complaint = NULL;
	if (rc == CFG_FILE_ERROR)
		err_set(err, FAULT_ABSENT, "cannot read %s: %s; name another file with -c", path, strerror(errno));
	else if (rc != CFG_SUCCESS && err->fault == FAULT_NONE)
		err_set(err, FAULT_USAGE, "%s: cannot be read as a configuration file; see moothall.conf(5)", path);
	else if (rc == CFG_SUCCESS)
		c = take(cfg, path, err);
	cfg_free(cfg);
	return c;
}

void
conf_free(struct conf **cp)
{
	struct conf *c = *cp;

	if (c == NULL)
		return;
	free(c->component);
	free(c->server);
	if (c->secret != NULL)
		explicit_bzero(c->secret, strlen(c->secret));
	free(c->secret);
	free(c->muc);
	free(c->nick);
	free(c->staff);
	free(c->database);
	free(c->share);
	free(c);
	*cp = NULL;
}
