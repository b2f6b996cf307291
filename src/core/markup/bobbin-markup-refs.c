/* Link definitions and footnote labels of a document. Stretches of it are parsed apart from each other; what one defines is told to
 * the next by its prelude. */
#define G_LOG_DOMAIN "bobbin-markup"

#include "config.h"

#include "markup/bobbin-markup-private.h"

#include <string.h>

#define LABEL_MAX 200  /* bytes */
#define LINES_MAX 3    /* of one definition */
#define DEFS_MAX  5000 /* of one document */

typedef struct
{
  guint    number;
  gboolean defined;
} Note;

struct _BobbinMarkupRefs
{
  GHashTable *links; /* normal label → "<url> \"title\"" */
  GHashTable *notes; /* label → Note */
};

BobbinMarkupRefs *
_bobbin_markup_refs_new (void)
{
  BobbinMarkupRefs *self = g_new0 (BobbinMarkupRefs, 1);

  self->links = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->notes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  return self;
}

void
_bobbin_markup_refs_free (BobbinMarkupRefs *self)
{
  if (self == NULL)
    return;

  g_hash_table_unref (self->links);
  g_hash_table_unref (self->notes);
  g_free (self);
}

/* Labels are the same when they differ in case and space only. */
static char *
normal_label (const char *label,
              gsize       length)
{
  g_autofree char *folded = g_utf8_casefold (label, (gssize) length);
  GString *out = g_string_new (NULL);

  for (const char *p = folded; *p != '\0'; p++)
    if (!g_ascii_isspace (*p))
      g_string_append_c (out, *p);
    else if (out->len > 0 && out->str[out->len - 1] != ' ')
      g_string_append_c (out, ' ');
  if (out->len > 0 && out->str[out->len - 1] == ' ')
    g_string_truncate (out, out->len - 1);

  return g_string_free (out, FALSE);
}

static void
append_escaped (GString    *out,
                const char *text)
{
  for (const char *p = text; *p != '\0'; p++)
    {
      if (strchr ("\\<>&\"`[]*_", *p) != NULL)
        g_string_append_c (out, '\\');
      g_string_append_c (out, *p == '\n' ? ' ' : *p);
    }
}

static cmark_node *
find_link (cmark_node *root)
{
  cmark_node *paragraph = cmark_node_last_child (root);
  cmark_node *link = paragraph != NULL ? cmark_node_first_child (paragraph) : NULL;

  return link != NULL && cmark_node_get_type (link) == CMARK_NODE_LINK ? link : NULL;
}

/* What the definition at @text says; whether it is one, only the parser knows. */
static char *
read_definition (const char *text,
                 gsize       length,
                 const char *label,
                 gsize       label_length)
{
  g_autoptr(GString) trial = g_string_new_len (text, (gssize) length);
  GString *out = NULL;
  cmark_node *root;
  cmark_node *link;

  g_string_append (trial, "\n\n[");
  g_string_append_len (trial, label, (gssize) label_length);
  g_string_append (trial, "]\n");
  root = cmark_parse_document (trial->str, trial->len, CMARK_OPT_DEFAULT);
  link = find_link (root);
  if (link != NULL)
    {
      const char *title = cmark_node_get_title (link);

      out = g_string_new ("<");
      append_escaped (out, cmark_node_get_url (link));
      g_string_append_c (out, '>');
      if (title != NULL && *title != '\0')
        {
          g_string_append (out, " \"");
          append_escaped (out, title);
          g_string_append_c (out, '"');
        }
    }
  cmark_node_free (root);

  return out != NULL ? g_string_free (out, FALSE) : NULL;
}

/* The end of the lines a definition may have: up to a blank one. */
static gsize
definition_end (const char *source,
                gsize       from,
                gsize       to)
{
  gsize at = from;

  for (guint i = 0; i < LINES_MAX && at < to; i++)
    {
      const char *newline = memchr (source + at, '\n', to - at);

      if (newline == NULL)
        return to;
      at = newline - source + 1;
      if (at < to && (source[at] == '\n' || source[at] == '['))
        return at;
    }

  return at;
}

static void
take_definition (BobbinMarkupRefs *self,
                 const char       *source,
                 gsize             from,
                 gsize             to)
{
  const char *bracket = memchr (source + from, ']', to - from);
  gsize length = bracket != NULL ? (gsize) (bracket - source) - from - 1 : 0;
  g_autofree char *label = NULL;
  char *definition;

  if (length == 0 || length > LABEL_MAX || from + length + 2 >= to || bracket[1] != ':')
    return;
  if (source[from + 1] == '^')
    {
      _bobbin_markup_refs_note (self, source + from + 2, length - 1, TRUE);
      return;
    }

  label = normal_label (source + from + 1, length);
  if (g_hash_table_contains (self->links, label) || g_hash_table_size (self->links) >= DEFS_MAX)
    return;
  definition = read_definition (source + from, definition_end (source, from, to) - from, source + from + 1, length);
  if (definition != NULL)
    g_hash_table_insert (self->links, g_steal_pointer (&label), definition);
}

static gboolean
is_covered (GPtrArray *blocks,
            gsize      at)
{
  for (guint i = 0; i < blocks->len; i++)
    {
      const BobbinMarkupBlock *block = g_ptr_array_index (blocks, i);

      if (at >= block->start && at < block->end)
        return TRUE;
    }

  return FALSE;
}

void
_bobbin_markup_refs_collect (BobbinMarkupRefs *self,
                             GPtrArray        *blocks,
                             const char       *source,
                             gsize             from,
                             gsize             to)
{
  gsize at = from;

  if (g_strstr_len (source + from, (gssize) (to - from), "]:") == NULL)
    return;

  while (at < to)
    {
      const char *newline = memchr (source + at, '\n', to - at);
      gsize end = newline != NULL ? (gsize) (newline - source) + 1 : to;

      while (at < end && strchr (" \t>", source[at]) != NULL && source[at] != '\0')
        at++;
      if (at < end && source[at] == '[' && !is_covered (blocks, at))
        take_definition (self, source, at, to);
      at = end;
    }
}

typedef gboolean (*LabelFunc) (BobbinMarkupRefs *self, const char *label, gsize length, gpointer data);

/* Calls @func for what stands between brackets, until it says TRUE. */
static gboolean
each_label (BobbinMarkupRefs *self,
            const char       *source,
            gsize             from,
            gsize             to,
            LabelFunc         func,
            gpointer          data)
{
  const char *open = NULL;

  for (gsize i = from; i < to; i++)
    {
      if (source[i] == '[')
        {
          open = source + i + 1;
        }
      else if (source[i] == ']' && open != NULL)
        {
          gsize length = source + i - open;

          if (length > 0 && length <= LABEL_MAX && func (self, open, length, data))
            return TRUE;
          open = NULL;
        }
    }

  return FALSE;
}

typedef struct
{
  GString    *out;
  GHashTable *seen;
} Appending;

static gboolean
append_label (BobbinMarkupRefs *self,
              const char       *label,
              gsize             length,
              gpointer          data)
{
  Appending *appending = data;
  g_autofree char *normal = normal_label (label, length);
  const char *definition = g_hash_table_lookup (self->links, normal);

  if (definition != NULL && !g_hash_table_contains (appending->seen, normal))
    {
      g_string_append_printf (appending->out, "[%s]: %s\n", normal, definition);
      g_hash_table_add (appending->seen, g_steal_pointer (&normal));
    }

  return FALSE;
}

void
_bobbin_markup_refs_append (BobbinMarkupRefs *self,
                            const char       *source,
                            gsize             from,
                            gsize             to,
                            GString          *out)
{
  Appending appending = { out, NULL };
  gsize before = out->len;

  if (g_hash_table_size (self->links) == 0)
    return;

  appending.seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  each_label (self, source, from, to, append_label, &appending);
  g_hash_table_unref (appending.seen);
  if (out->len > before)
    g_string_append_c (out, '\n');
}

static gboolean
is_known (BobbinMarkupRefs *self,
          const char       *label,
          gsize             length,
          gpointer          data)
{
  g_autofree char *normal = NULL;

  if (label[0] == '^')
    return !_bobbin_markup_refs_has_note (self, label + 1, length - 1);
  if (g_hash_table_size (self->links) == 0)
    return FALSE;
  normal = normal_label (label, length);

  return g_hash_table_contains (self->links, normal);
}

gboolean
_bobbin_markup_refs_concern (BobbinMarkupRefs *self,
                             const char       *source,
                             gsize             from,
                             gsize             to)
{
  return each_label (self, source, from, to, is_known, NULL);
}

guint
_bobbin_markup_refs_note (BobbinMarkupRefs *self,
                          const char       *label,
                          gsize             length,
                          gboolean          define)
{
  g_autofree char *key = g_utf8_casefold (label, (gssize) length);
  Note *note = g_hash_table_lookup (self->notes, key);

  if (note == NULL)
    {
      note = g_new0 (Note, 1);
      note->number = g_hash_table_size (self->notes) + 1;
      g_hash_table_insert (self->notes, g_steal_pointer (&key), note);
    }
  note->defined = note->defined || define;

  return note->number;
}

gboolean
_bobbin_markup_refs_has_note (BobbinMarkupRefs *self,
                              const char       *label,
                              gsize             length)
{
  g_autofree char *key = g_utf8_casefold (label, (gssize) length);
  const Note *note = g_hash_table_lookup (self->notes, key);

  return note != NULL && note->defined;
}
