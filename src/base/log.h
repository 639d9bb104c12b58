#ifndef MOOTHALL_BASE_LOG_H
#define MOOTHALL_BASE_LOG_H
/*
 * The log: one line an entry on standard error, prefixed with who speaks.
 * Control characters and line breaks are escaped, so that a chat line can not
 * forge a log line.  Message bodies and addresses of residents are never logged.
 */
enum log_level { LOG_ERROR, LOG_WARN, LOG_INFO, LOG_DEBUG };

void	log_set_level(enum log_level);
/* `who` names the part or thing that speaks: "stream", "room gate4". */
void	log_error(const char *who, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void	log_warn(const char *who, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void	log_info(const char *who, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void	log_debug(const char *who, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

#endif
