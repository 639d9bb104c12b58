#ifndef TESTS_BENCH_BENCH_H
#define TESTS_BENCH_BENCH_H
/*
 * What the measuring instruments share: a very small XML reader and writer
 * (tree.c), and the measuring itself (meter.c): processor time, resident memory,
 * latencies, and starting the program that is measured.
 *
 * None of it is the hall's own code, so that a fault of the hall's cannot hide
 * itself by being in the instrument too.
 */
#include <event2/buffer.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define NS_STREAM	"http://etherx.jabber.org/streams"
#define NS_COMPONENT	"jabber:component:accept"
#define NS_MUC		"http://jabber.org/protocol/muc"
#define NS_MUC_USER	"http://jabber.org/protocol/muc#user"

/* --- tree.c: expat -> one small tree a stanza --- */

struct node {
	const char	 *name, *ns;
	const char	**atts;		/* name, value, ..., NULL; "xml:lang" as such */
	const char	 *text;		/* all character data directly in it; never NULL */
	size_t		  len;
	struct node	 *up, *first, *last, *next;
};

struct tree;

struct tree_calls {
	void	*ctx;
	/* The stream's opening tag; `id` NULL if it has none. */
	void	(*opened)(void *ctx, const char *id);
	/* One stanza, its memory is gone after the call. */
	void	(*stanza)(void *ctx, struct node *);
};

struct tree	*tree_new(const struct tree_calls *);
void		 tree_free(struct tree **);
/* Reads what is in `in` and drains it; false: not well-formed. */
bool		 tree_feed(struct tree *, struct evbuffer *in);

const char	*node_att(const struct node *, const char *name);	/* NULL: not there */
const char	*node_get(const struct node *, const char *name);	/* "" if not there */
struct node	*node_child(const struct node *, const char *name, const char *ns);
bool		 node_is(const struct node *, const char *name, const char *ns);

/* Writing: with <>&'" escaped; and a whole tree as it was read. */
void		 put_esc(struct evbuffer *, const char *);
void		 put_node(struct evbuffer *, const struct node *, const char *outer_ns);
/* printf; a %s is not escaped. */
void		 putf(struct evbuffer *, const char *, ...) __attribute__((format(printf, 2, 3)));

/* The three parts of an address. Every pointer is into `buf`. */
struct addr {
	char		 buf[1024];
	const char	*local, *domain, *resource;	/* "" where missing */
};
/* False if it is too long to be one. */
bool		 addr_read(struct addr *, const char *);

/* --- meter.c --- */

double		 now_s(void);		/* monotonic seconds */
/*
 * Processor seconds that a process has used, all threads, exact to the
 * microsecond; negative if it is not there.
 */
double		 cpu_of(pid_t);
/* The same for a process and its children, living and ended: a PostgreSQL cluster by its postmaster. */
double		 cpu_of_family(pid_t);
/* Resident KiB, and of these the anonymous part; false if the process is not there. */
bool		 rss_of(pid_t, long *total_r, long *anon_r);

/* Latencies, in seconds. */
struct series {
	double	*v;
	size_t	 n, cap;
	bool	 sorted;
};
void		 series_add(struct series *, double);
double		 series_at(struct series *, double quantile);	/* 0 if it is empty */
void		 series_free(struct series *);

/* Starts a program; ends the process with a message if that fails. */
pid_t		 run_start(char **argv);
/* SIGTERM, then up to `patience` seconds; its exit status, or 128 + signal; kills it when it does not end. */
int		 run_stop(pid_t, double patience);
/* False as soon as a started program has ended by itself; `status_r` as run_stop() gives it. */
bool		 run_alive(pid_t, int *status_r);

/* A message and exit status 1. */
_Noreturn void	 die(const char *, ...) __attribute__((format(printf, 1, 2)));
/* A number from the command line between 0 and max, or die(). */
unsigned	 number(const char *option, const char *, unsigned max);
/*
 * `line` with the first "{n}" replaced by a number, as a fresh string: requests
 * that all have the same words would be one request asked often.
 */
char		*line_of(const char *line, unsigned n);

#endif
