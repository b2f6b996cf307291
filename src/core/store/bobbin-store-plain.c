/* What of a block can be found by searching, in lines a person can read: a table row by row, JSON as "name: value", of a file
 * its name. Text, thinking and code are found as they are and have nothing here. */
#define G_LOG_DOMAIN "bobbin-store"
#include "config.h"
#include "store/bobbin-store-index.h"

#include "model/bobbin-block.h"
#include "model/bobbin-chart.h"

#include <string.h>

#define MAX_NESTED 3  /* JSON in a string of JSON */
#define MAX_DEPTH  64

static const BobbinSearchParts parts[BOBBIN_N_BLOCK_KINDS] = {
  [BOBBIN_BLOCK_TEXT] = BOBBIN_SEARCH_TEXT,
  [BOBBIN_BLOCK_THINKING] = BOBBIN_SEARCH_THINKING,
  [BOBBIN_BLOCK_TOOL_CALL] = BOBBIN_SEARCH_TOOLS,
  [BOBBIN_BLOCK_TABLE] = BOBBIN_SEARCH_DATA,
  [BOBBIN_BLOCK_CHART] = BOBBIN_SEARCH_DATA,
  [BOBBIN_BLOCK_CODE] = BOBBIN_SEARCH_CODE,
  [BOBBIN_BLOCK_JSON] = BOBBIN_SEARCH_DATA,
  [BOBBIN_BLOCK_IMAGE] = BOBBIN_SEARCH_FILES,
  [BOBBIN_BLOCK_FILE] = BOBBIN_SEARCH_FILES,
  [BOBBIN_BLOCK_APPROVAL] = BOBBIN_SEARCH_TOOLS,
  [BOBBIN_BLOCK_NOTICE] = 0,
  [BOBBIN_BLOCK_SOURCES] = BOBBIN_SEARCH_TEXT,
  [BOBBIN_BLOCK_UNKNOWN] = BOBBIN_SEARCH_DATA,
};

BobbinSearchParts
_bobbin_plain_part (const char *kind)
{
  BobbinBlockKind known;

  if (kind == NULL || !bobbin_block_kind_from_nick (kind, &known))
    return BOBBIN_SEARCH_DATA;

  return parts[known];
}

/* JSON read without asking whether it is right: names and values as they come, so that what was cut off is found, too. */
typedef struct
{
  GString    *out;
  const char *p;
  guint64     objects;     /* a bit for each level: object or array */
  guint       depth;
  guint       nested;
  gboolean    with_names;
  gboolean    has_value;   /* the line has one already */
} Reader;

static void read_json (GString *out, const char *json, gboolean with_names, guint nested);

static void
end_line (Reader *reader)
{
  if (reader->out->len > 0 && reader->out->str[reader->out->len - 1] == ' ')
    g_string_truncate (reader->out, reader->out->len - 1);
  if (reader->out->len > 0 && reader->out->str[reader->out->len - 1] != '\n')
    g_string_append_c (reader->out, '\n');
  reader->has_value = FALSE;
}

static gunichar
read_hex (const char **p)
{
  gunichar c = 0;

  for (int i = 0; i < 4 && g_ascii_isxdigit (**p); i++, (*p)++)
    c = (c << 4) | (gunichar) g_ascii_xdigit_value (**p);

  return c;
}

static void
append_escape (GString     *text,
               const char **p)
{
  char c = **p;
  gunichar high;

  if (c == '\0')
    return;

  (*p)++;
  switch (c)
    {
    case 'n':
    case 'r':
      g_string_append_c (text, '\n');
      return;
    case 'b':
    case 'f':
    case 't':
      g_string_append_c (text, ' ');
      return;
    case 'u':
      break;
    default:
      g_string_append_c (text, c);
      return;
    }

  high = read_hex (p);
  if (high >= 0xd800 && high < 0xdc00 && (*p)[0] == '\\' && (*p)[1] == 'u')
    {
      gunichar low;

      *p += 2;
      low = read_hex (p);
      high = low >= 0xdc00 && low < 0xe000 ? 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00) : 0xfffd;
    }
  g_string_append_unichar (text, high != 0 && g_unichar_validate (high) ? high : 0xfffd);
}

/* From behind the first quote to behind the last. */
static GString *
read_string (Reader *reader)
{
  GString *text = g_string_new (NULL);
  const char *p = reader->p + 1;

  while (*p != '\0' && *p != '"')
    {
      gsize plain = strcspn (p, "\"\\");

      g_string_append_len (text, p, (gssize) plain);
      p += plain;
      if (*p == '\\')
        {
          p++;
          append_escape (text, &p);
        }
    }
  reader->p = *p == '"' ? p + 1 : p;

  return text;
}

static gboolean
is_name (Reader *reader)
{
  const char *p = reader->p;

  if (reader->depth == 0 || reader->depth > MAX_DEPTH || (reader->objects & (G_GUINT64_CONSTANT (1) << (reader->depth - 1))) == 0)
    return FALSE;
  while (g_ascii_isspace (*p))
    p++;

  return *p == ':';
}

static gboolean
looks_like_json (const char *text)
{
  while (g_ascii_isspace (*text))
    text++;

  return *text == '{' || *text == '[';
}

static void
add_value (Reader     *reader,
           const char *text,
           gsize       length)
{
  if (length == 0)
    return;
  if (reader->has_value)
    g_string_append (reader->out, " · ");
  reader->has_value = TRUE;
  if (reader->nested < MAX_NESTED && looks_like_json (text))
    {
      end_line (reader);
      read_json (reader->out, text, reader->with_names, reader->nested + 1);
      end_line (reader);
      return;
    }
  g_string_append_len (reader->out, text, (gssize) length);
}

static void
read_text (Reader *reader)
{
  g_autoptr(GString) text = read_string (reader);

  if (!is_name (reader))
    {
      add_value (reader, text->str, text->len);
      return;
    }

  end_line (reader);
  if (reader->with_names && text->len > 0)
    g_string_append_printf (reader->out, "%s: ", text->str);
}

static void
read_scalar (Reader *reader)
{
  gsize length = strcspn (reader->p, " \t\r\n,:{}[]\"");

  if (length != 4 || strncmp (reader->p, "null", 4) != 0)
    {
      g_autofree char *text = g_strndup (reader->p, length);

      add_value (reader, text, length);
    }
  reader->p += MAX (length, 1);
}

static void
open_level (Reader   *reader,
            gboolean  object)
{
  guint64 bit = reader->depth < MAX_DEPTH ? G_GUINT64_CONSTANT (1) << reader->depth : 0;

  /* A row of a table, an element with names: a line of its own. */
  if (reader->has_value)
    end_line (reader);
  reader->objects = object ? reader->objects | bit : reader->objects & ~bit;
  reader->depth++;
  reader->p++;
}

static void
close_level (Reader *reader)
{
  end_line (reader);
  if (reader->depth > 0)
    reader->depth--;
  reader->p++;
}

static void
read_json (GString    *out,
           const char *json,
           gboolean    with_names,
           guint       nested)
{
  Reader reader = { .out = out, .p = json, .with_names = with_names, .nested = nested };

  while (*reader.p != '\0')
    switch (*reader.p)
      {
      case '{':
      case '[':
        open_level (&reader, *reader.p == '{');
        break;
      case '}':
      case ']':
        close_level (&reader);
        break;
      case '"':
        read_text (&reader);
        break;
      case ' ':
      case '\t':
      case '\r':
      case '\n':
      case ',':
      case ':':
        reader.p++;
        break;
      default:
        read_scalar (&reader);
        break;
      }
  end_line (&reader);
}

static void
add_line (GString    *out,
          const char *text)
{
  if (text == NULL || *text == '\0')
    return;

  g_string_append (out, text);
  if (out->str[out->len - 1] != '\n')
    g_string_append_c (out, '\n');
}

void
_bobbin_plain_json (GString    *out,
                    const char *json,
                    gboolean    with_names)
{
  if (json == NULL)
    return;
  if (looks_like_json (json) || *json == '"')
    read_json (out, json, with_names, 0);
  else
    add_line (out, json);
}

static void
add_table (GString     *out,
           BobbinTable *table)
{
  guint n_columns = bobbin_table_get_n_columns (table);

  add_line (out, bobbin_table_get_title (table));
  for (guint row = 0; row <= bobbin_table_get_n_rows (table); row++)
    {
      gsize start = out->len;

      for (guint column = 0; column < n_columns; column++)
        {
          const char *cell = row == 0 ? bobbin_table_get_name (table, column) : bobbin_table_get_text (table, row - 1, column);

          if (*cell != '\0')
            g_string_append_printf (out, "%s%s", out->len > start ? " · " : "", cell);
        }
      if (out->len > start)
        g_string_append_c (out, '\n');
    }
}

static void
add_chart (GString     *out,
           BobbinChart *chart)
{
  g_autoptr(BobbinTable) table = bobbin_chart_to_table (chart);

  add_line (out, bobbin_chart_get_title (chart));
  add_line (out, bobbin_chart_get_axis (chart, FALSE));
  add_line (out, bobbin_chart_get_axis (chart, TRUE));
  if (table != NULL)
    add_table (out, table);
}

static void
add_data (GString         *out,
          BobbinBlockKind  kind,
          const char      *data)
{
  g_autoptr(BobbinJsonIndex) json = data != NULL ? bobbin_json_index_new (data, -1, NULL) : NULL;
  g_autoptr(BobbinTable) table = json != NULL && kind == BOBBIN_BLOCK_TABLE ? bobbin_table_new_from_json (json) : NULL;
  g_autoptr(BobbinChart) chart = json != NULL && kind == BOBBIN_BLOCK_CHART ? bobbin_chart_new_from_json (json) : NULL;

  if (table != NULL)
    add_table (out, table);
  else if (chart != NULL)
    add_chart (out, chart);
  else
    _bobbin_plain_json (out, data, TRUE);
}

/* Of what a service keeps with an approval, the tools and the words for the person. */
static void
add_approval (GString    *out,
              const char *data)
{
  static const char *const members[] = { "tools", "reason", "details" };
  g_autoptr(BobbinJsonIndex) json = data != NULL ? bobbin_json_index_new (data, -1, NULL) : NULL;

  for (guint i = 0; json != NULL && i < G_N_ELEMENTS (members); i++)
    {
      guint node = bobbin_json_index_find (json, 0, members[i]);
      g_autofree char *source = node != BOBBIN_JSON_NONE ? bobbin_json_index_dup_source (json, node) : NULL;

      _bobbin_plain_json (out, source, TRUE);
    }
}

static void
add_file (GString    *out,
          const char *file_name,
          const char *data)
{
  static const char *const members[] = { "name", "url" };
  g_autoptr(BobbinJsonIndex) json = NULL;

  if (file_name != NULL && *file_name != '\0')
    {
      add_line (out, file_name);
      return;
    }

  json = data != NULL ? bobbin_json_index_new (data, -1, NULL) : NULL;
  for (guint i = 0; json != NULL && i < G_N_ELEMENTS (members); i++)
    {
      guint node = bobbin_json_index_find (json, 0, members[i]);

      if (bobbin_json_index_is (json, node, BOBBIN_JSON_STRING))
        {
          g_autofree char *text = bobbin_json_index_dup_text (json, node, 1000);

          if (!g_str_has_prefix (text, "data:"))
            add_line (out, text);
        }
    }
}

char *
_bobbin_plain_new (const char *kind,
                   const char *text,
                   const char *name,
                   const char *data,
                   const char *result,
                   const char *file_name)
{
  g_autoptr(GString) out = NULL;
  BobbinBlockKind known;

  if (kind == NULL || !bobbin_block_kind_from_nick (kind, &known))
    known = BOBBIN_BLOCK_UNKNOWN;
  if (known == BOBBIN_BLOCK_TEXT || known == BOBBIN_BLOCK_THINKING || known == BOBBIN_BLOCK_CODE)
    return NULL;

  out = g_string_new (NULL);
  if (known == BOBBIN_BLOCK_TOOL_CALL || known == BOBBIN_BLOCK_UNKNOWN)
    add_line (out, name);
  if (known == BOBBIN_BLOCK_APPROVAL)
    {
      add_line (out, text);
      add_approval (out, data);
    }
  else if (known == BOBBIN_BLOCK_IMAGE || known == BOBBIN_BLOCK_FILE)
    add_file (out, file_name, data);
  else if (known == BOBBIN_BLOCK_SOURCES)
    _bobbin_plain_json (out, data, FALSE);
  else if (known != BOBBIN_BLOCK_NOTICE)
    add_data (out, known, data);
  if (known == BOBBIN_BLOCK_TOOL_CALL)
    _bobbin_plain_json (out, result, TRUE);

  return g_string_free (g_steal_pointer (&out), FALSE);
}
