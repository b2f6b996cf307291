#define G_LOG_DOMAIN "bobbin-util"
#include "config.h"
#include "util/bobbin-json-stream.h"

#include "util/bobbin-error.h"
#include "util/bobbin-json.h"

#include <string.h>

#define BUFFER    (64 * 1024)
#define MAX_NAME  4096
#define MAX_ENTER 16

struct _BobbinJsonStream
{
  BobbinReadFunc read;
  gpointer       source;
  char          *buffer;
  gsize          at;
  gsize          length;
  gboolean       began;            /* the mark at the start of some files is behind */
  char           stack[MAX_ENTER]; /* '{' and '[' that were entered */
  gboolean       first[MAX_ENTER];
  guint          depth;
};

BobbinJsonStream *
bobbin_json_stream_new (BobbinReadFunc read,
                        gpointer       source)
{
  BobbinJsonStream *self = g_new0 (BobbinJsonStream, 1);

  self->read = read;
  self->source = source;
  self->buffer = g_malloc (BUFFER);

  return self;
}

void
bobbin_json_stream_free (BobbinJsonStream *self)
{
  g_free (self->buffer);
  g_free (self);
}

static gboolean
set_error (GError    **error,
           const char *what)
{
  g_set_error (error, BOBBIN_ERROR, BOBBIN_ERROR_PROTOCOL, "Not JSON: %s", what);

  return FALSE;
}

/* The byte here; -1 at the end, -2 with @error. */
static int
look (BobbinJsonStream *self,
      GError          **error)
{
  if (self->at == self->length)
    {
      gssize n = self->read (self->source, self->buffer, BUFFER, error);

      if (n <= 0)
        return n == 0 ? -1 : -2;
      self->at = 0;
      self->length = (gsize) n;
    }

  return (guchar) self->buffer[self->at];
}

/* The same after white space; the end is an error. */
static int
look_on (BobbinJsonStream *self,
         GError          **error)
{
  int c;

  while ((c = look (self, error)) >= 0)
    {
      if (!self->began && c == 0xef)
        {
          self->began = TRUE;
          self->at++;
          if (look (self, error) == 0xbb)
            self->at++;
          if (look (self, error) == 0xbf)
            self->at++;
          continue;
        }
      if (c != ' ' && c != '\t' && c != '\r' && c != '\n')
        break;
      self->at++;
    }
  self->began = TRUE;
  if (c == -1)
    set_error (error, "it ends too early");

  return c;
}

char
bobbin_json_stream_peek (BobbinJsonStream *self,
                         GError          **error)
{
  int c = look_on (self, error);

  if (c < 0)
    return 0;

  return c == '{' || c == '[' || c == '"' ? (char) c : '0';
}

gboolean
bobbin_json_stream_enter (BobbinJsonStream *self,
                          GError          **error)
{
  char c = bobbin_json_stream_peek (self, error);

  if (c == 0)
    return FALSE;
  if (c != '{' && c != '[')
    return set_error (error, "an object or an array was expected");
  if (self->depth == MAX_ENTER)
    return set_error (error, "too deep");

  self->at++;
  self->stack[self->depth] = c;
  self->first[self->depth] = TRUE;
  self->depth++;
  return TRUE;
}

/* One value as it is written. @out: (nullable) */
static gboolean
scan (BobbinJsonStream *self,
      GString          *out,
      gsize             max_bytes,
      GError          **error)
{
  guint depth = 0;
  gboolean in_string = FALSE;
  gboolean escaped = FALSE;
  gboolean scalar = FALSE;
  gsize n_bytes = 0;

  if (look_on (self, error) < 0)
    return FALSE;

  for (;;)
    {
      int c = look (self, error);
      gboolean over = FALSE;

      if (c == -2)
        return FALSE;
      if (c == -1)
        return (scalar && depth == 0) || set_error (error, "it ends too early");

      if (in_string)
        {
          over = !escaped && c == '"' && depth == 0;
          in_string = escaped || c != '"';
          escaped = !escaped && c == '\\';
        }
      else if (depth == 0 && scalar && (c == ',' || c == '}' || c == ']' || g_ascii_isspace (c)))
        {
          return TRUE;
        }
      else if (c == '"')
        {
          in_string = TRUE;
        }
      else if (c == '{' || c == '[')
        {
          if (++depth > BOBBIN_JSON_MAX_DEPTH)
            return set_error (error, "nested too deeply");
        }
      else if (c == '}' || c == ']')
        {
          if (depth == 0)
            return set_error (error, "a value was expected");
          over = --depth == 0;
        }
      else if (depth == 0)
        {
          scalar = TRUE;
        }

      if (++n_bytes > max_bytes)
        {
          g_set_error_literal (error, BOBBIN_ERROR, BOBBIN_ERROR_TOO_LARGE, "A part of the file is too large");
          return FALSE;
        }
      if (out != NULL)
        g_string_append_c (out, (char) c);
      self->at++;
      if (over)
        return TRUE;
    }
}

static gboolean
read_name (BobbinJsonStream *self,
           char            **ret_name,
           GError          **error)
{
  g_autoptr(GString) text = g_string_new (NULL);
  g_autoptr(JsonNode) node = NULL;
  int c = look_on (self, error);

  if (c < 0)
    return FALSE;
  if (c != '"')
    return set_error (error, "a name was expected");
  if (!scan (self, text, MAX_NAME, error))
    return FALSE;
  node = bobbin_json_parse (text->str, (gssize) text->len, error);
  if (node == NULL)
    return FALSE;
  if (!JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_STRING)
    return set_error (error, "a name was expected");
  c = look_on (self, error);
  if (c < 0)
    return FALSE;
  if (c != ':')
    return set_error (error, "a colon was expected");

  self->at++;
  if (ret_name != NULL)
    *ret_name = g_strdup (json_node_get_string (node));
  return TRUE;
}

int
bobbin_json_stream_next (BobbinJsonStream *self,
                         char            **ret_name,
                         GError          **error)
{
  guint top = self->depth - 1;
  int c;

  g_return_val_if_fail (self->depth > 0, -1);

  c = look_on (self, error);
  if (c < 0)
    return -1;
  if (c == (self->stack[top] == '{' ? '}' : ']'))
    {
      self->at++;
      self->depth--;
      return 0;
    }
  if (!self->first[top])
    {
      if (c != ',')
        return set_error (error, "a comma was expected") - 1;
      self->at++;
    }
  self->first[top] = FALSE;
  if (ret_name != NULL)
    *ret_name = NULL;
  if (self->stack[top] == '{')
    return read_name (self, ret_name, error) ? 1 : -1;

  return look_on (self, error) >= 0 ? 1 : -1;
}

JsonNode *
bobbin_json_stream_take (BobbinJsonStream *self,
                         gsize             max_bytes,
                         GError          **error)
{
  g_autoptr(GString) text = g_string_new (NULL);

  return scan (self, text, max_bytes, error) ? bobbin_json_parse (text->str, (gssize) text->len, error) : NULL;
}

gboolean
bobbin_json_stream_skip (BobbinJsonStream *self,
                         GError          **error)
{
  return scan (self, NULL, G_MAXSIZE, error);
}
