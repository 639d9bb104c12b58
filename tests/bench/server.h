#ifndef TESTS_BENCH_SERVER_H
#define TESTS_BENCH_SERVER_H
/*
 * The scripted XMPP server: just enough of one for a component that lives in
 * rooms, and fast enough that the component's own ceiling shows.
 *
 *   server.c   options, the order of the measurements, what is printed
 *   link.c     the XEP-0114 connection
 *   muc.c      the room service: joins, occupants, forms, archive, reflections
 *   form.c     a room's configuration form, as Prosody's looks (XEP-0045 §10.2)
 *   load.c     request lines in, answers out, latencies
 */
#include <event2/event.h>
#include <event2/listener.h>
#include <event2/bufferevent.h>

#include "bench.h"

/* --- link.c --- */
struct link {
	struct event_base	*base;
	struct evconnlistener	*listener;
	struct bufferevent	*bev;
	struct tree		*tree;
	const char		*component, *secret;	/* borrowed */
	char			 id[33];		/* of the stream */
	bool			 up, doomed;
	double			 last_in;		/* when the last stanza came, now_s() */
	unsigned long		 stanzas, streams;
	void			*ctx;
	void			(*stanza)(void *ctx, struct node *);
	void			(*state)(void *ctx, bool up);
	void			(*drained)(void *ctx);	/* little is left to send: more may be written */
};

/* Listens on loopback; port 0 takes a free one. Returns the port. */
int		 link_listen(struct link *, int port);
void		 link_close(struct link *);
/* Where to write stanzas; NULL while no component is there. */
struct evbuffer	*link_out(struct link *);
/* Ends the stream with this stream error (RFC 6120 §4.9.3). */
void		 link_doom(struct link *, const char *condition);

/* --- form.c --- */
struct form;
struct form	*form_new(void);
void		 form_free(struct form **);
const char	*form_get(const struct form *, const char *var);	/* NULL: no such field */
/* Takes what a submitted <x xmlns='jabber:x:data'> gives; returns how many fields are unknown. */
unsigned	 form_take(struct form *, const struct node *x);
void		 form_put(const struct form *, struct evbuffer *);

/* --- muc.c --- */
enum { NAME = 96 };

struct place {
	char		*desk;		/* the component's address in this room; NULL: not joined */
	char		*nick;		/* its nickname */
	struct form	*form;
	unsigned	 occupants;	/* besides the desk */
	bool		 made, open;	/* it exists; its form was submitted */
};

struct muc {
	struct link	*link;
	const char	*domain, *host;		/* conference.example.org, example.org; borrowed */
	struct place	*places;
	unsigned	 n, here;		/* rooms; of these joined */
	unsigned	 run;			/* makes stanza-ids of two runs differ */
	unsigned long	 serial;
	bool		 occupant_id;		/* XEP-0421 as Prosody has it */
	/* What was met. */
	unsigned long	 joins, forms, lists, archives, pings, refused, unknown_fields, bounced, lines;
	double		 last_join;
	void		*ctx;
	/* The component wrote to a person, by a room or straight; room and occupant number, UINT_MAX: nobody of ours. */
	void		(*told)(void *ctx, unsigned room, unsigned who, const struct node *body);
	/* It wrote a line in a room. */
	void		(*said)(void *ctx, unsigned room, const struct node *body);
	/* It answered a question of ours that has this id. */
	void		(*answered)(void *ctx, const char *id);
};

void		 muc_open(struct muc *, struct link *, unsigned rooms, unsigned occupants);
void		 muc_close(struct muc *);
void		 muc_stanza(struct muc *, struct node *);
void		 muc_lost(struct muc *);	/* the component's stream ended: it is in no room */
/* One occupant more comes in. */
void		 muc_enter(struct muc *, unsigned room);
/* An occupant says something. */
void		 muc_say(struct muc *, unsigned room, unsigned who, const char *text);
/* "r0007", and who is in it: occupant 0 is the officer. `out` holds NAME bytes. */
char		*room_code(unsigned room, char *out);
char		*occupant_nick(unsigned who, char *out);
char		*occupant_jid(const struct muc *, unsigned room, unsigned who, char *out);

/* --- load.c --- */
struct load {
	struct muc	*muc;
	struct event	*tick;
	const char	*line, *answer;		/* borrowed; answer "": any private line */
	bool		 by_room;		/* a line in the room answers too */
	unsigned	 total, window, rate;	/* rate 0: as fast as the window lets */
	unsigned	 sent, done, lost, out;
	unsigned long	 more;			/* private lines that answered nothing */
	unsigned	 seed;			/* the first number in the lines */
	double		*asked;			/* rooms × occupants: when, 0: nothing open */
	double		 begun, ended;
	struct series	 times;
};

/* `line`, `answer`, `by_room`, `total`, `window`, `rate`, `muc` are set; begins to send. */
void		 load_begin(struct load *, struct event_base *);
bool		 load_over(const struct load *);
void		 load_told(struct load *, unsigned room, unsigned who, const struct node *body);
void		 load_said(struct load *, unsigned room, const struct node *body);
void		 load_end(struct load *);

#endif
