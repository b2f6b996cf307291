#define G_LOG_DOMAIN "bobbin-model"
#include "config.h"
#include "model/bobbin-outline.h"

#include <string.h>

#define TEXT_CHARS   120
#define HEADINGS_MAX 400 /* of one block */

void
bobbin_outline_item_free (BobbinOutlineItem *self)
{
  g_free (self->text);
  g_free (self);
}

GPtrArray *
bobbin_outline_new (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) bobbin_outline_item_free);
}

/* One line without marks of emphasis and code. */
static char *
dup_plain (const char *start,
           const char *end)
{
  GString *plain = g_string_new (NULL);
  gboolean space = FALSE;
  guint n = 0;

  for (const char *p = start; p < end && *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (c == '*' || c == '`' || (c == '#' && strspn (p, "# \t\r") >= (gsize) (end - p)))
        continue;
      if (g_unichar_isspace (c) || g_unichar_iscntrl (c))
        {
          space = plain->len > 0;
          continue;
        }
      if (n++ == TEXT_CHARS)
        {
          g_string_append (plain, "…");
          break;
        }
      if (space)
        g_string_append_c (plain, ' ');
      space = FALSE;
      g_string_append_unichar (plain, c);
    }

  return g_string_free (plain, FALSE);
}

static void
add (GPtrArray         *outline,
     BobbinOutlineKind  kind,
     guint              level,
     gint64             message_id,
     gint64             block_id,
     gsize              offset,
     char              *text)
{
  BobbinOutlineItem *item;

  if (*text == '\0')
    {
      g_free (text);
      return;
    }

  item = g_new0 (BobbinOutlineItem, 1);
  *item = (BobbinOutlineItem) { kind, level, message_id, block_id, offset, text, 1 };
  g_ptr_array_add (outline, item);
}

/* A run goes on while nothing stands between its tools. */
static void
add_tool (GPtrArray  *outline,
          gint64      message_id,
          gint64      block_id,
          const char *name)
{
  BobbinOutlineItem *last = outline->len > 0 ? g_ptr_array_index (outline, outline->len - 1) : NULL;

  if (last == NULL || last->kind != BOBBIN_OUTLINE_TOOLS || last->message_id != message_id)
    {
      add (outline, BOBBIN_OUTLINE_TOOLS, 0, message_id, block_id, 0, dup_plain (name, name + strlen (name)));
      return;
    }

  last->n++;
  if (strstr (last->text, name) == NULL && strlen (last->text) < TEXT_CHARS)
    {
      char *joined = g_strdup_printf ("%s, %s", last->text, name);

      g_free (last->text);
      last->text = joined;
    }
}

static guint
heading_level (const char *line)
{
  gsize indent = strspn (line, " ");
  gsize level = strspn (line + indent, "#");

  return indent <= 3 && level >= 1 && level <= 6 && (line[indent + level] == ' ' || line[indent + level] == '\t')
           ? (guint) level : 0;
}

static void
add_headings (GPtrArray  *outline,
              gint64      message_id,
              gint64      block_id,
              const char *text)
{
  const char *fence = NULL;
  gsize fence_length = 0;
  guint n = 0;

  for (const char *line = text; line != NULL && *line != '\0' && n < HEADINGS_MAX;)
    {
      const char *end = strchr (line, '\n');
      const char *start = line + strspn (line, " ");
      guint level = fence == NULL ? heading_level (line) : 0;
      gsize run = *start == '`' ? strspn (start, "`") : *start == '~' ? strspn (start, "~") : 0;

      if (run >= 3 && (fence == NULL || (*fence == *start && run >= fence_length)))
        {
          fence = fence == NULL ? start : NULL;
          fence_length = run;
        }
      else if (level > 0)
        {
          add (outline, BOBBIN_OUTLINE_HEADING, level, message_id, block_id, (gsize) (line - text),
               dup_plain (start + level, end != NULL ? end : start + strlen (start)));
          n++;
        }
      line = end != NULL ? end + 1 : NULL;
    }
}

void
bobbin_outline_add_block (GPtrArray       *outline,
                          gint64           message_id,
                          BobbinRole       role,
                          gint64           block_id,
                          BobbinBlockKind  kind,
                          const char      *text)
{
  if (text == NULL)
    return;

  if (kind == BOBBIN_BLOCK_TOOL_CALL)
    {
      add_tool (outline, message_id, block_id, text);
    }
  else if (kind == BOBBIN_BLOCK_TEXT && role == BOBBIN_ROLE_USER)
    {
      const BobbinOutlineItem *last = outline->len > 0 ? g_ptr_array_index (outline, outline->len - 1) : NULL;

      if (last == NULL || last->message_id != message_id)
        {
          const char *end = text;

          for (guint i = 0; i < 2 * TEXT_CHARS && *end != '\0'; i++)
            end = g_utf8_next_char (end);
          add (outline, BOBBIN_OUTLINE_PROMPT, 0, message_id, block_id, 0, dup_plain (text, end));
        }
    }
  else if (kind == BOBBIN_BLOCK_TEXT)
    {
      add_headings (outline, message_id, block_id, text);
    }
}

void
bobbin_outline_add_message (GPtrArray     *outline,
                            BobbinMessage *message)
{
  for (guint i = 0; i < bobbin_message_get_n_blocks (message); i++)
    {
      BobbinBlock *block = bobbin_message_get_block (message, i);
      BobbinBlockKind kind = bobbin_block_get_kind (block);

      bobbin_outline_add_block (outline, bobbin_message_get_id (message), bobbin_message_get_role (message),
                                bobbin_block_get_id (block), kind,
                                kind == BOBBIN_BLOCK_TOOL_CALL ? bobbin_block_get_name (block) : bobbin_block_get_text (block));
    }
}
