#ifndef MOOTHALL_TEXT_MODEL_H
#define MOOTHALL_TEXT_MODEL_H
/*
 * The linear model: for each feature of a line (feature.c) a small weight for every kind,
 * and one for "needs an answer".  Its weights are data (share/reading/weights), made by
 * src/train.c from text written for this project; doc/reading.md tells how and how well.
 *
 * The file is text: a line for each feature, so that it can be read, searched and compared.
 */
#include <stddef.h>
#include <stdint.h>

#include "base/fault.h"

enum { CLASSES_MAX = 19 };

struct model;

/* `name` is used in messages. FAULT_USAGE with file, line and remedy. */
enum fault	 model_parse(const char *name, const char *text, struct model **model_r, struct err *);
void		 model_free(struct model **);

#endif
