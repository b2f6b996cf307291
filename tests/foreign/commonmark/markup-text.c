/* markup-text: reads documents parted by NUL bytes from stdin, parses each as CommonMark and nothing else, and writes what is read of
 * it: the texts of its blocks, a line end between two, and a NUL byte. For the tests of the specification. */
#include "config.h"

#include "markup/bobbin-markup.h"

#include <stdio.h>
#include <string.h>

static GString *
read_all (void)
{
  GString *all = g_string_new (NULL);
  char buffer[4096];
  size_t n;

  while ((n = fread (buffer, 1, sizeof buffer, stdin)) > 0)
    g_string_append_len (all, buffer, (gssize) n);

  return all;
}

static void
write_text (const char *source)
{
  g_autoptr(BobbinMarkup) document = bobbin_markup_new (BOBBIN_MARKUP_STRICT);

  bobbin_markup_feed (document, source, strlen (source), TRUE);
  for (guint i = 0; i < bobbin_markup_get_n (document); i++)
    {
      const BobbinMarkupBlock *block = bobbin_markup_get (document, i);

      fwrite (bobbin_markup_block_get_text (block, source), 1, block->length, stdout);
      putchar ('\n');
    }
  putchar ('\0');
}

int
main (void)
{
  g_autoptr(GString) all = read_all ();

  for (gsize i = 0; i < all->len; i += strlen (all->str + i) + 1)
    write_text (all->str + i);

  return 0;
}
