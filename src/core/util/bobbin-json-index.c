#define G_LOG_DOMAIN "bobbin-util"
#include "config.h"
#include "util/bobbin-json-index.h"

#include "util/bobbin-json.h"
#include "util/bobbin-text.h"

#include <math.h>
#include <string.h>

typedef struct
{
  guint32 start;      /* of the source */
  guint32 end;
  guint32 name;       /* offset of the name's opening quote; 0: no member (a name is never first) */
  guint32 parent;
  guint32 next;
  guint32 count;
  guint32 type;
} Node;

struct _BobbinJsonIndex
{
  gatomicrefcount ref_count;
  char           *text;
  gsize           length;
  GArray         *nodes;  /* of Node */
};

typedef struct
{
  const char       *text;
  gsize             length;
  gsize             pos;
  GArray           *nodes;
  guint32           open[BOBBIN_JSON_MAX_DEPTH];  /* containers around pos */
  guint32           last[BOBBIN_JSON_MAX_DEPTH];  /* the last child of each, or none */
  guint             depth;
  BobbinJsonMistake mistake;
} Parser;

static inline Node *
get_node (const BobbinJsonIndex *self,
          guint                  node)
{
  return &g_array_index (self->nodes, Node, node);
}

/* Scanning */

static gboolean
fail (Parser            *parser,
      BobbinJsonMistake  mistake)
{
  parser->mistake = mistake;

  return FALSE;
}

static void
skip_space (Parser *parser)
{
  while (parser->pos < parser->length && strchr (" \t\r\n", parser->text[parser->pos]) != NULL &&
         parser->text[parser->pos] != '\0')
    parser->pos++;
}

/* At the opening quote. */
static gboolean
scan_string (Parser *parser)
{
  gsize start = parser->pos++;

  while (parser->pos < parser->length)
    {
      guchar c = (guchar) parser->text[parser->pos];

      if (c == '"')
        {
          parser->pos++;
          return TRUE;
        }
      if (c < 0x20)
        return fail (parser, BOBBIN_JSON_BAD_STRING);
      if (c == '\\')
        {
          char escape = parser->text[++parser->pos];

          if (escape == 'u')
            {
              for (guint i = 1; i <= 4; i++)
                if (!g_ascii_isxdigit (parser->text[parser->pos + i]))
                  return fail (parser, BOBBIN_JSON_BAD_STRING);
              parser->pos += 4;
            }
          else if (escape == '\0' || strchr ("\"\\/bfnrt", escape) == NULL)
            {
              return fail (parser, BOBBIN_JSON_BAD_STRING);
            }
        }
      parser->pos++;
    }
  parser->pos = start;

  return fail (parser, BOBBIN_JSON_OPEN_STRING);
}

static gsize
scan_digits (Parser *parser)
{
  gsize start = parser->pos;

  while (g_ascii_isdigit (parser->text[parser->pos]))
    parser->pos++;

  return parser->pos - start;
}

static gboolean
scan_number (Parser *parser)
{
  gsize start = parser->pos;
  gboolean zero;

  if (parser->text[parser->pos] == '-')
    parser->pos++;
  zero = parser->text[parser->pos] == '0';
  if (scan_digits (parser) == 0 || (zero && g_ascii_isdigit (parser->text[start + (parser->text[start] == '-') + 1])))
    return fail (parser, BOBBIN_JSON_BAD_NUMBER);
  if (parser->text[parser->pos] == '.')
    {
      parser->pos++;
      if (scan_digits (parser) == 0)
        return fail (parser, BOBBIN_JSON_BAD_NUMBER);
    }
  if (parser->text[parser->pos] == 'e' || parser->text[parser->pos] == 'E')
    {
      parser->pos++;
      if (parser->text[parser->pos] == '+' || parser->text[parser->pos] == '-')
        parser->pos++;
      if (scan_digits (parser) == 0)
        return fail (parser, BOBBIN_JSON_BAD_NUMBER);
    }

  return TRUE;
}

/* A word of JSON; "NaN" and the infinities, which Python writes, are read as null so that a chart is not lost for them. */
static gboolean
scan_word (Parser         *parser,
           BobbinJsonType *ret_type)
{
  static const struct { const char *word; BobbinJsonType type; } words[] = {
    { "null", BOBBIN_JSON_NULL }, { "true", BOBBIN_JSON_TRUE }, { "false", BOBBIN_JSON_FALSE },
    { "NaN", BOBBIN_JSON_NULL }, { "Infinity", BOBBIN_JSON_NULL }, { "-Infinity", BOBBIN_JSON_NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    {
      gsize length = strlen (words[i].word);

      if (strncmp (parser->text + parser->pos, words[i].word, length) == 0 &&
          !g_ascii_isalnum (parser->text[parser->pos + length]))
        {
          parser->pos += length;
          *ret_type = words[i].type;
          return TRUE;
        }
    }

  return FALSE;
}

/* Values */

static gboolean
add_node (Parser         *parser,
          BobbinJsonType  type,
          gsize           start,
          gsize           name)
{
  guint32 index = parser->nodes->len;
  Node node = { (guint32) start, (guint32) parser->pos, (guint32) name, BOBBIN_JSON_NONE, BOBBIN_JSON_NONE, 0, type };

  if (index >= BOBBIN_JSON_INDEX_VALUES_MAX)
    return fail (parser, BOBBIN_JSON_TOO_LARGE);
  if (parser->depth > 0)
    {
      guint top = parser->depth - 1;

      node.parent = parser->open[top];
      g_array_index (parser->nodes, Node, node.parent).count++;
      if (parser->last[top] != BOBBIN_JSON_NONE)
        g_array_index (parser->nodes, Node, parser->last[top]).next = index;
      parser->last[top] = index;
    }
  g_array_append_val (parser->nodes, node);

  return TRUE;
}

static gboolean
open_container (Parser         *parser,
                BobbinJsonType  type,
                gsize           name)
{
  guint32 index = parser->nodes->len;

  if (parser->depth == BOBBIN_JSON_MAX_DEPTH)
    return fail (parser, BOBBIN_JSON_TOO_DEEP);
  if (!add_node (parser, type, parser->pos, name))
    return FALSE;

  parser->open[parser->depth] = index;
  parser->last[parser->depth] = BOBBIN_JSON_NONE;
  parser->depth++;
  parser->pos++;

  return TRUE;
}

static gboolean
scan_value (Parser *parser,
            gsize   name)
{
  gsize start = parser->pos;
  char c = parser->text[start];
  BobbinJsonType type = BOBBIN_JSON_NULL;

  if (c == '{')
    return open_container (parser, BOBBIN_JSON_OBJECT, name);
  if (c == '[')
    return open_container (parser, BOBBIN_JSON_ARRAY, name);
  if (c == '"')
    return scan_string (parser) && add_node (parser, BOBBIN_JSON_STRING, start, name);
  if (scan_word (parser, &type))
    return add_node (parser, type, start, name);
  if (c == '-' || g_ascii_isdigit (c))
    return scan_number (parser) && add_node (parser, BOBBIN_JSON_NUMBER, start, name);
  if (start >= parser->length && parser->depth > 0)
    return fail (parser, BOBBIN_JSON_OPEN_END);

  return fail (parser, BOBBIN_JSON_NO_VALUE);
}

/* After a value: closes what ends here. Returns: whether another child of the open container follows, or an error. */
static gboolean
close_or_go_on (Parser   *parser,
                gboolean  first)
{
  while (parser->depth > 0)
    {
      Node *open = &g_array_index (parser->nodes, Node, parser->open[parser->depth - 1]);
      char end = open->type == BOBBIN_JSON_OBJECT ? '}' : ']';

      skip_space (parser);
      if (parser->text[parser->pos] == end)
        {
          open->end = (guint32) ++parser->pos;
          parser->depth--;
          first = FALSE;
          continue;
        }
      if (first)
        return TRUE;
      if (parser->text[parser->pos] != ',')
        return fail (parser, parser->pos >= parser->length ? BOBBIN_JSON_OPEN_END : BOBBIN_JSON_NO_COMMA);
      parser->pos++;
      return TRUE;
    }

  return FALSE;
}

static gboolean
scan_name (Parser *parser,
           gsize  *ret_name)
{
  *ret_name = 0;
  if (parser->depth == 0 ||
      g_array_index (parser->nodes, Node, parser->open[parser->depth - 1]).type != BOBBIN_JSON_OBJECT)
    return TRUE;

  *ret_name = parser->pos;
  if (parser->text[parser->pos] != '"')
    return fail (parser, parser->pos >= parser->length ? BOBBIN_JSON_OPEN_END : BOBBIN_JSON_NO_NAME);
  if (!scan_string (parser))
    return FALSE;
  skip_space (parser);
  if (parser->text[parser->pos] != ':')
    return fail (parser, parser->pos >= parser->length ? BOBBIN_JSON_OPEN_END : BOBBIN_JSON_NO_COLON);
  parser->pos++;
  skip_space (parser);

  return TRUE;
}

static gboolean
parse (Parser *parser)
{
  skip_space (parser);
  if (parser->pos >= parser->length)
    return fail (parser, BOBBIN_JSON_EMPTY);

  do
    {
      guint depth = parser->depth;
      gsize name;

      skip_space (parser);
      if (!scan_name (parser, &name) || !scan_value (parser, name))
        return FALSE;
      if (!close_or_go_on (parser, parser->depth > depth))
        break;
    }
  while (TRUE);
  if (parser->mistake != BOBBIN_JSON_FINE)
    return FALSE;

  skip_space (parser);
  return parser->pos >= parser->length || fail (parser, BOBBIN_JSON_MORE);
}

static void
tell (const Parser      *parser,
      BobbinJsonProblem *ret_problem)
{
  const char *line = parser->text;
  const char *end = parser->text + MIN (parser->pos, parser->length);

  *ret_problem = (BobbinJsonProblem) { parser->mistake, (gsize) (end - parser->text), 1, 1 };
  for (const char *p = parser->text; p < end; p++)
    if (*p == '\n')
      {
        ret_problem->line++;
        line = p + 1;
      }
  ret_problem->column = (guint) g_utf8_strlen (line, end - line) + 1;
}

BobbinJsonIndex *
bobbin_json_index_new (const char        *text,
                       gssize             length,
                       BobbinJsonProblem *ret_problem)
{
  BobbinJsonIndex *self;
  g_autofree char *valid = NULL;
  g_autoptr(GArray) nodes = g_array_new (FALSE, FALSE, sizeof (Node));
  Parser parser = { .nodes = nodes };
  gsize bytes = length < 0 ? strlen (text) : (gsize) length;

  if (bytes > BOBBIN_JSON_INDEX_BYTES_MAX)
    {
      if (ret_problem != NULL)
        *ret_problem = (BobbinJsonProblem) { BOBBIN_JSON_TOO_LARGE, 0, 1, 1 };
      return NULL;
    }
  valid = bobbin_text_make_valid (text, (gssize) bytes);
  parser.text = valid;
  parser.length = strlen (valid);
  if (!parse (&parser))
    {
      if (ret_problem != NULL)
        tell (&parser, ret_problem);
      return NULL;
    }

  self = g_new0 (BobbinJsonIndex, 1);
  g_atomic_ref_count_init (&self->ref_count);
  self->length = parser.length;
  self->text = g_steal_pointer (&valid);
  self->nodes = g_steal_pointer (&nodes);
  if (ret_problem != NULL)
    *ret_problem = (BobbinJsonProblem) { BOBBIN_JSON_FINE, 0, 1, 1 };

  return self;
}

BobbinJsonIndex *
bobbin_json_index_ref (BobbinJsonIndex *self)
{
  g_atomic_ref_count_inc (&self->ref_count);

  return self;
}

void
bobbin_json_index_unref (BobbinJsonIndex *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  g_free (self->text);
  g_array_unref (self->nodes);
  g_free (self);
}

/* Reading */

guint
bobbin_json_index_get_size (const BobbinJsonIndex *self)
{
  return self->nodes->len;
}

BobbinJsonType
bobbin_json_index_get_type (const BobbinJsonIndex *self,
                            guint                  node)
{
  g_return_val_if_fail (node < self->nodes->len, BOBBIN_JSON_NULL);

  return (BobbinJsonType) get_node (self, node)->type;
}

gboolean
bobbin_json_index_is (const BobbinJsonIndex *self,
                      guint                  node,
                      BobbinJsonType         type)
{
  return node < self->nodes->len && get_node (self, node)->type == (guint32) type;
}

guint
bobbin_json_index_get_count (const BobbinJsonIndex *self,
                             guint                  node)
{
  return node < self->nodes->len ? get_node (self, node)->count : 0;
}

guint
bobbin_json_index_get_first (const BobbinJsonIndex *self,
                             guint                  node)
{
  return bobbin_json_index_get_count (self, node) > 0 ? node + 1 : BOBBIN_JSON_NONE;
}

guint
bobbin_json_index_get_next (const BobbinJsonIndex *self,
                            guint                  node)
{
  return node < self->nodes->len ? get_node (self, node)->next : BOBBIN_JSON_NONE;
}

guint
bobbin_json_index_get_parent (const BobbinJsonIndex *self,
                              guint                  node)
{
  return node < self->nodes->len ? get_node (self, node)->parent : BOBBIN_JSON_NONE;
}

gsize
bobbin_json_index_get_length (const BobbinJsonIndex *self,
                              guint                  node)
{
  return node < self->nodes->len ? get_node (self, node)->end - get_node (self, node)->start : 0;
}

static gunichar
read_hex (const char *p)
{
  gunichar c = 0;

  for (guint i = 0; i < 4; i++)
    c = c << 4 | (gunichar) g_ascii_xdigit_value (p[i]);

  return c;
}

/* @p: behind "\u". Returns: behind what was read. */
static const char *
append_escaped (GString    *out,
                const char *p)
{
  gunichar c = read_hex (p);

  p += 4;
  if (c >= 0xd800 && c < 0xdc00 && p[0] == '\\' && p[1] == 'u')
    {
      gunichar low = read_hex (p + 2);

      if (low >= 0xdc00 && low < 0xe000)
        {
          c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
          p += 6;
        }
    }
  g_string_append_unichar (out, c == 0 || (c >= 0xd800 && c < 0xe000) ? 0xfffd : c);

  return p;
}

/* @start: at the opening quote. */
static char *
unescape (const char *start,
          gsize       max)
{
  GString *out = g_string_new (NULL);
  const char *p = start + 1;

  while (*p != '"' && (max == 0 || out->len < max))
    {
      const char *plain = p;

      if (*p != '\\')
        {
          while (*p != '"' && *p != '\\' && (max == 0 || (gsize) (p - plain) < max))
            p++;
          while ((*p & 0xc0) == 0x80)
            p++;
          g_string_append_len (out, plain, p - plain);
          continue;
        }
      p++;
      if (*p == 'u')
        {
          p = append_escaped (out, p + 1);
          continue;
        }
      g_string_append_c (out, *p == 'b' ? '\b' : *p == 'f' ? '\f' : *p == 'n' ? '\n' : *p == 'r' ? '\r' : *p == 't' ? '\t' : *p);
      p++;
    }

  return g_string_free (out, FALSE);
}

char *
bobbin_json_index_dup_name (const BobbinJsonIndex *self,
                            guint                  node)
{
  g_return_val_if_fail (node < self->nodes->len, NULL);

  return get_node (self, node)->name > 0 ? unescape (self->text + get_node (self, node)->name, 0) : NULL;
}

guint
bobbin_json_index_find (const BobbinJsonIndex *self,
                        guint                  node,
                        const char            *name)
{
  gsize length = strlen (name);
  guint found = BOBBIN_JSON_NONE;

  if (!bobbin_json_index_is (self, node, BOBBIN_JSON_OBJECT))
    return BOBBIN_JSON_NONE;

  for (guint child = bobbin_json_index_get_first (self, node); child != BOBBIN_JSON_NONE;
       child = get_node (self, child)->next)
    {
      const char *at = self->text + get_node (self, child)->name + 1;

      if (strncmp (at, name, length) == 0 && at[length] == '"')
        found = child;
    }

  return found;
}

char *
bobbin_json_index_dup_source (const BobbinJsonIndex *self,
                              guint                  node)
{
  g_return_val_if_fail (node < self->nodes->len, NULL);

  return g_strndup (self->text + get_node (self, node)->start, bobbin_json_index_get_length (self, node));
}

char *
bobbin_json_index_dup_text (const BobbinJsonIndex *self,
                            guint                  node,
                            gsize                  max)
{
  const char *start;
  gsize length;

  g_return_val_if_fail (node < self->nodes->len, NULL);

  start = self->text + get_node (self, node)->start;
  if (get_node (self, node)->type == BOBBIN_JSON_STRING)
    return unescape (start, max);

  length = bobbin_json_index_get_length (self, node);
  if (max > 0 && length > max)
    for (length = max; (start[length] & 0xc0) == 0x80;)
      length++;

  return g_strndup (start, length);
}

double
bobbin_json_index_get_double (const BobbinJsonIndex *self,
                              guint                  node)
{
  const char *start;
  char *end = NULL;
  double value;

  if (node >= self->nodes->len)
    return NAN;

  start = self->text + get_node (self, node)->start;
  if (get_node (self, node)->type == BOBBIN_JSON_NUMBER)
    return g_ascii_strtod (start, NULL);
  if (get_node (self, node)->type != BOBBIN_JSON_STRING || start[1] == '"' || g_ascii_isalpha (start[1]))
    return NAN;

  value = g_ascii_strtod (start + 1, &end);
  return *end == '"' ? value : NAN;
}

static gboolean
is_word (const char *name)
{
  if (!g_ascii_isalpha (*name) && *name != '_')
    return FALSE;
  for (; *name != '\0'; name++)
    if (!g_ascii_isalnum (*name) && *name != '_')
      return FALSE;

  return TRUE;
}

static void
prepend_step (const BobbinJsonIndex *self,
              GString               *path,
              guint                  node)
{
  g_autofree char *name = bobbin_json_index_dup_name (self, node);
  g_autofree char *step = NULL;

  if (name != NULL && is_word (name))
    {
      step = g_strconcat (".", name, NULL);
    }
  else if (name != NULL)
    {
      GString *quoted = g_string_new ("[");

      bobbin_json_append_string (quoted, name);
      g_string_append_c (quoted, ']');
      step = g_string_free (quoted, FALSE);
    }
  else
    {
      guint position = 0;

      for (guint child = get_node (self, node)->parent + 1; child != node; child = get_node (self, child)->next)
        position++;
      step = g_strdup_printf ("[%u]", position);
    }
  g_string_prepend (path, step);
}

char *
bobbin_json_index_dup_path (const BobbinJsonIndex *self,
                            guint                  node)
{
  GString *path = g_string_new (NULL);

  g_return_val_if_fail (node < self->nodes->len, NULL);

  for (; get_node (self, node)->parent != BOBBIN_JSON_NONE; node = get_node (self, node)->parent)
    prepend_step (self, path, node);
  if (path->len == 0)
    g_string_append_c (path, '$');
  else if (*path->str == '.')
    g_string_erase (path, 0, 1);

  return g_string_free (path, FALSE);
}

/* Searching */

/* Letters of ASCII in either case; (nullable). */
static const char *
find_text (const char *text,
           gsize       length,
           const char *wanted,
           gsize       wanted_length)
{
  char first = g_ascii_tolower (*wanted);

  for (const char *p = text; p + wanted_length <= text + length; p++)
    if (g_ascii_tolower (*p) == first && g_ascii_strncasecmp (p, wanted, wanted_length) == 0)
      return p;

  return NULL;
}

/* The value whose name or text holds the byte; BOBBIN_JSON_NONE: it belongs to none. */
static guint
node_at (const BobbinJsonIndex *self,
         gsize                  offset)
{
  guint low = 0;
  guint high = self->nodes->len;

  while (high - low > 1)
    {
      guint middle = low + (high - low) / 2;

      if (get_node (self, middle)->start <= offset)
        low = middle;
      else
        high = middle;
    }
  if (get_node (self, low)->start <= offset && offset < get_node (self, low)->end &&
      get_node (self, low)->type < BOBBIN_JSON_ARRAY)
    return low;
  if (low + 1 < self->nodes->len && get_node (self, low + 1)->name > 0 && get_node (self, low + 1)->name < offset &&
      offset < get_node (self, low + 1)->start)
    return low + 1;

  return BOBBIN_JSON_NONE;
}

guint
bobbin_json_index_search (const BobbinJsonIndex *self,
                          const char            *text,
                          guint                  after)
{
  gsize length = strlen (text);
  gsize from = after < self->nodes->len ? get_node (self, after)->start : 0;
  const char *at = self->text + from;

  if (length == 0)
    return BOBBIN_JSON_NONE;

  while ((at = find_text (at, self->length - (gsize) (at - self->text), text, length)) != NULL)
    {
      guint node = node_at (self, (gsize) (at - self->text));

      if (node != BOBBIN_JSON_NONE && (after == BOBBIN_JSON_NONE || node > after))
        return node;
      at++;
    }

  return BOBBIN_JSON_NONE;
}

guint
bobbin_json_index_count_matches (const BobbinJsonIndex *self,
                                 const char            *text,
                                 guint                  until,
                                 guint                  max,
                                 guint                 *ret_last)
{
  guint n = 0;

  *ret_last = BOBBIN_JSON_NONE;
  for (guint node = bobbin_json_index_search (self, text, BOBBIN_JSON_NONE); node < until && n < max;
       node = bobbin_json_index_search (self, text, node), n++)
    *ret_last = node;

  return n;
}
