/* A large picture within the text: "![words](data:image/…)" on a line of its own. cmark-gfm never sees it: it is longer than what is
 * looked at as a whole, and there is nothing in it to read. */
#define G_LOG_DOMAIN "bobbin-markup"

#include "config.h"

#include "markup/bobbin-markup-private.h"

#include <string.h>

#define WORDS_MAX 1024 /* bytes between the brackets */
#define PREFIX    "](data:image/"

static gboolean
is_address (char c)
{
  return g_ascii_isalnum (c) || (c != '\0' && strchr ("+/=;,:.%-_~!$&'*@?#", c) != NULL);
}

/* The end of the words; 0: this is no such picture. */
static gsize
find_words (const char *text,
            gsize       from,
            gsize       length)
{
  gsize most = MIN (length, from + WORDS_MAX);

  if (from > 0 && text[from - 1] != '\n')
    return 0;
  if (length - from < 2 || text[from] != '!' || text[from + 1] != '[')
    return 0;
  for (gsize i = from + 2; i < most; i++)
    if (text[i] == ']')
      return length - i > strlen (PREFIX) && strncmp (text + i, PREFIX, strlen (PREFIX)) == 0 ? i : 0;
    else if (strchr ("\n[\\", text[i]) != NULL)
      return 0;

  return 0;
}

static BobbinMarkupBlock *
make_block (const char *text,
            gsize       from,
            gsize       words,
            gsize       address,
            gsize       end)
{
  BobbinMarkupBlock *block = bobbin_markup_block_new (BOBBIN_MARKUP_IMAGE);
  BobbinMarkupStep step = { 0, from + 2 };

  block->loose = TRUE;
  block->start = from;
  block->end = end;
  block->n_lines = 1;
  block->text = words > from + 2 ? g_strndup (text + from + 2, words - from - 2) : g_strdup ("…");
  block->length = (guint) strlen (block->text);
  block->info = g_strndup (text + address, end - address);
  block->steps = g_array_new (FALSE, FALSE, sizeof (BobbinMarkupStep));
  g_array_append_val (block->steps, step);

  return block;
}

BobbinMarkupBlock *
_bobbin_markup_read_data (const char *text,
                          gsize       from,
                          gsize       length,
                          gboolean    final,
                          gsize      *seen,
                          gsize      *ret_end)
{
  gsize words = find_words (text, from, length);
  gsize address = words + strlen ("](");
  gsize i = MAX (*seen, address);
  gsize end;

  if (words == 0)
    return NULL;

  while (i < length && is_address (text[i]))
    i++;
  *seen = i;
  end = i;
  if (i < length && text[i] == ')')
    i++;
  else if (i < length)
    return NULL;
  while (i < length && strchr (" \t\r", text[i]) != NULL)
    i++;
  if (i < length && text[i] != '\n')
    return NULL;
  /* what is short is left to cmark-gfm, however it came */
  if ((i < length || final) && i - from <= BOBBIN_MARKUP_WINDOW)
    return NULL;

  *ret_end = i < length ? i + 1 : final ? length : 0;

  /* an address that goes on is of no use to anybody */
  return make_block (text, from, words, *ret_end > 0 ? address : end, end);
}
