#define G_LOG_DOMAIN "bobbin-composer"

#include "config.h"

#include "bobbin-word-finder.h"

#include <pango/pango.h>
#include <string.h>

/* From blank to blank. */
typedef struct
{
  guint    start;
  guint    end;
  gboolean technical;
} Run;

gboolean
bobbin_word_is_technical (gunichar c)
{
  return g_unichar_isdigit (c) || (c < 0x80 && strchr ("/@_\\<>={}`#$&*|~+", (int) c) != NULL);
}

static Run
read_run (const gunichar *text,
          guint           n_chars,
          guint           at)
{
  Run run = { at, at, FALSE };
  guint dots = 0;

  for (; run.end < n_chars && !g_unichar_isspace (text[run.end]); run.end++)
    {
      gunichar c = text[run.end];

      run.technical = run.technical || bobbin_word_is_technical (c);
      /* example.org, not the end of a sentence */
      dots += c == '.' && run.end + 1 < n_chars && g_unichar_isalnum (text[run.end + 1]);
    }
  run.technical = run.technical || dots > 0;

  return run;
}

/* "it's": one word of two. */
static gboolean
is_joined (const gunichar     *text,
           const PangoLogAttr *attrs,
           guint               at,
           guint               end)
{
  return at + 1 < end && (text[at] == '\'' || text[at] == 0x2019) && attrs[at + 1].is_word_start;
}

static void
add_words (const gunichar     *text,
           guint               n_chars,
           const PangoLogAttr *attrs,
           const Run          *run,
           GArray             *spans)
{
  BobbinWordSpan span = { 0, 0 };
  gboolean open = FALSE;

  for (guint i = run->start; i <= run->end; i++)
    {
      if (open && attrs[i].is_word_end && !is_joined (text, attrs, i, run->end))
        {
          span.end = i;
          open = FALSE;
          /* Chinese and Japanese have no words that a dictionary of this kind knows; foo() is code. */
          if (!g_unichar_iswide (text[span.start]) && (i == n_chars || text[i] != '('))
            g_array_append_val (spans, span);
        }
      if (!open && i < run->end && attrs[i].is_word_start)
        {
          span.start = i;
          open = TRUE;
        }
    }
}

GArray *
bobbin_word_finder_find (const char *text,
                         gboolean    cut_start,
                         gboolean    cut_end)
{
  glong n = 0;
  g_autofree gunichar *chars = g_utf8_to_ucs4_fast (text, -1, &n);
  guint n_chars = (guint) n;
  g_autofree PangoLogAttr *attrs = g_new0 (PangoLogAttr, n_chars + 1);
  GArray *spans = g_array_new (FALSE, FALSE, sizeof (BobbinWordSpan));

  pango_get_log_attrs (text, -1, -1, pango_language_get_default (), attrs, (int) n_chars + 1);
  for (guint at = 0; at < n_chars;)
    {
      Run run = read_run (chars, n_chars, at);

      if (run.end == at)
        {
          at++;
          continue;
        }
      if (!run.technical && !(cut_start && run.start == 0) && !(cut_end && run.end == n_chars))
        add_words (chars, n_chars, attrs, &run, spans);
      at = run.end;
    }

  return spans;
}
