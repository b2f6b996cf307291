#define G_LOG_DOMAIN "bobbin-transcript"

#include "config.h"

#include "bobbin-json-problem.h"

#include <glib/gi18n.h>

static const char *
get_words (BobbinJsonMistake mistake)
{
  switch (mistake)
    {
    case BOBBIN_JSON_EMPTY:
      return _("there is nothing here");
    case BOBBIN_JSON_NO_VALUE:
      return _("a value is missing");
    case BOBBIN_JSON_NO_NAME:
      return _("a name in quotes is missing");
    case BOBBIN_JSON_NO_COLON:
      return _("a colon is missing");
    case BOBBIN_JSON_NO_COMMA:
      return _("a comma or a closing bracket is missing");
    case BOBBIN_JSON_OPEN_STRING:
      return _("the closing quote is missing");
    case BOBBIN_JSON_BAD_STRING:
      return _("this cannot stand in a text");
    case BOBBIN_JSON_BAD_NUMBER:
      return _("this is not a number");
    case BOBBIN_JSON_OPEN_END:
      return _("a closing bracket is missing");
    case BOBBIN_JSON_MORE:
      return _("something follows the end");
    case BOBBIN_JSON_TOO_DEEP:
      return _("this is nested too deeply");
    case BOBBIN_JSON_TOO_LARGE:
      return _("this is too large");
    case BOBBIN_JSON_FINE:
    default:
      return "";
    }
}

char *
bobbin_json_problem_dup_words (const BobbinJsonProblem *problem)
{
  /* Translators: a place in a text and what is wrong there: "Line 2, column 5: a comma is missing." */
  return g_strdup_printf (_("Line %1$u, column %2$u: %3$s."), problem->line, problem->column, get_words (problem->mistake));
}
