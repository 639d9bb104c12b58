/*
 * Measuring: processor time and memory of another process, latencies, and
 * starting and ending the program that is measured.
 */
#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/arena.h"
#include "bench.h"

double
now_s(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* /proc/<pid>/stat counts in hundredths of a second; the process's own clock counts exactly. */
double
cpu_of(pid_t pid)
{
	clockid_t clock;
	struct timespec t;

	if (clock_getcpuclockid(pid, &clock) != 0 || clock_gettime(clock, &t) != 0)
		return -1;
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* Parent and the ended children's time of a process, from /proc/<pid>/stat (proc(5), fields 4, 16, 17). */
static bool
stat_of(pid_t pid, pid_t *parent_r, double *ended_r)
{
	char path[64], line[1024], *p;
	FILE *f;
	int parent;
	long user, kernel;
	bool got;

	snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
	if ((f = fopen(path, "r")) == NULL)
		return false;
	got = fgets(line, sizeof line, f) != NULL;
	fclose(f);
	if (!got || (p = strrchr(line, ')')) == NULL ||
	    sscanf(p + 1, " %*c %d %*d %*d %*d %*d %*u %*u %*u %*u %*u %*u %*u %ld %ld", &parent, &user, &kernel) != 3)
		return false;
	*parent_r = (pid_t)parent;
	*ended_r = (double)(user + kernel) / (double)sysconf(_SC_CLK_TCK);
	return true;
}

double
cpu_of_family(pid_t pid)
{
	double sum = cpu_of(pid), ended;
	struct dirent *e;
	pid_t parent;
	DIR *d;

	if (sum < 0 || !stat_of(pid, &parent, &ended) || (d = opendir("/proc")) == NULL)
		return -1;
	sum += ended;
	while ((e = readdir(d)) != NULL) {
		pid_t child = (pid_t)atoi(e->d_name);
		double used;

		if (child > 0 && stat_of(child, &parent, &ended) && parent == pid && (used = cpu_of(child)) > 0)
			sum += used;
	}
	closedir(d);
	return sum;
}

bool
rss_of(pid_t pid, long *total_r, long *anon_r)
{
	char path[64], line[256];
	FILE *f;

	*total_r = *anon_r = -1;
	snprintf(path, sizeof path, "/proc/%d/status", (int)pid);
	if ((f = fopen(path, "r")) == NULL)
		return false;
	while (fgets(line, sizeof line, f) != NULL) {
		sscanf(line, "VmRSS: %ld", total_r);
		sscanf(line, "RssAnon: %ld", anon_r);
	}
	fclose(f);
	return *total_r >= 0 && *anon_r >= 0;
}

void
series_add(struct series *s, double v)
{
	if (s->n == s->cap) {
		s->cap = s->cap == 0 ? 1024 : s->cap * 2;
		s->v = xrealloc(s->v, s->cap * sizeof *s->v);
	}
	s->v[s->n++] = v;
	s->sorted = false;
}

static int
by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

double
series_at(struct series *s, double quantile)
{
	if (s->n == 0)
		return 0;
	if (!s->sorted)
		qsort(s->v, s->n, sizeof *s->v, by_value);
	s->sorted = true;
	return s->v[(size_t)((double)(s->n - 1) * quantile + 0.5)];
}

void
series_free(struct series *s)
{
	free(s->v);
	*s = (struct series){ 0 };
}

pid_t
run_start(char **argv)
{
	pid_t pid = fork();

	if (pid < 0)
		die("fork: %s", strerror(errno));
	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGTERM);	/* no orphan when we die() */
		execvp(argv[0], argv);
		fprintf(stderr, "%s: %s\n", argv[0], strerror(errno));
		_exit(127);
	}
	return pid;
}

static int
status_of(int status)
{
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

bool
run_alive(pid_t pid, int *status_r)
{
	int status;

	if (waitpid(pid, &status, WNOHANG) != pid)
		return true;
	*status_r = status_of(status);
	return false;
}

int
run_stop(pid_t pid, double patience)
{
	double until = now_s() + patience;
	int status;

	kill(pid, SIGTERM);
	while (now_s() < until) {
		if (!run_alive(pid, &status))
			return status;
		usleep(5000);
	}
	kill(pid, SIGKILL);
	waitpid(pid, &status, 0);
	return status_of(status);
}

void
die(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
	exit(1);
}

unsigned
number(const char *option, const char *s, unsigned max)
{
	char *end;
	unsigned long n;

	errno = 0;
	n = strtoul(s, &end, 10);
	if (*s < '0' || *s > '9' || *end != '\0' || errno != 0 || n > max)
		die("--%s %s: a number from 0 to %u is wanted", option, s, max);
	return (unsigned)n;
}

char *
line_of(const char *line, unsigned n)
{
	const char *mark = strstr(line, "{n}");
	size_t head, size = strlen(line) + 16;
	char *out;

	if (mark == NULL)
		return xstrdup(line);
	head = (size_t)(mark - line);
	out = xcalloc(1, size);
	memcpy(out, line, head);
	snprintf(out + head, size - head, "%u%s", n, mark + 3);
	return out;
}
