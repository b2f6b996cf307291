/* What is wrong with a JSON text, in words and with its place. */
#pragma once

#include "util/bobbin-json-index.h"

G_BEGIN_DECLS

/* "Line 2, column 5: a comma is missing." */
char *bobbin_json_problem_dup_words (const BobbinJsonProblem *problem) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
