#define G_LOG_DOMAIN "bobbin-wire"
#include "config.h"
#include "wire/bobbin-refusal.h"

#include "util/bobbin-json.h"

#include <string.h>

/* Longest detail kept: a sentence, not a page. */
#define MAX_DETAIL 500

/* refused: the server did not act on the request. */
static const struct { guint status; BobbinErrorCode error; gboolean refused; const char *words; } statuses[] = {
  { 400, BOBBIN_ERROR_INVALID, TRUE, "Bad request" },
  { 401, BOBBIN_ERROR_AUTH, TRUE, "The key was not accepted" },
  { 402, BOBBIN_ERROR_CREDITS, TRUE, "Insufficient funds" },
  { 403, BOBBIN_ERROR_FORBIDDEN, TRUE, "The key has no right to this" },
  { 404, BOBBIN_ERROR_NOT_FOUND, TRUE, "The server does not have this" },
  { 405, BOBBIN_ERROR_NOT_SUPPORTED, TRUE, "The server does not offer this call" },
  { 408, BOBBIN_ERROR_TIMED_OUT, FALSE, "The server gave up waiting" },
  { 409, BOBBIN_ERROR_BUSY, TRUE, "The server is busy with the same conversation" },
  { 410, BOBBIN_ERROR_NOT_FOUND, TRUE, "This is gone from the server" },
  { 413, BOBBIN_ERROR_TOO_LARGE, TRUE, "This is larger than the server takes" },
  { 415, BOBBIN_ERROR_INVALID, TRUE, "The server does not take this kind of file" },
  { 422, BOBBIN_ERROR_INVALID, TRUE, "The server could not use the request" },
  { 426, BOBBIN_ERROR_NOT_SUPPORTED, TRUE, "The server wants another program version" },
  { 429, BOBBIN_ERROR_RATE_LIMITED, TRUE, "Too many requests" },
  { 500, BOBBIN_ERROR_SERVER, FALSE, "The server had an error" },
  { 501, BOBBIN_ERROR_NOT_SUPPORTED, TRUE, "The server does not know this call" },
  { 502, BOBBIN_ERROR_SERVER, FALSE, "A server behind the server did not answer" },
  { 503, BOBBIN_ERROR_SERVER, FALSE, "The server is not available" },
  { 504, BOBBIN_ERROR_SERVER, FALSE, "A server behind the server took too long" },
};

char *
bobbin_refusal_shorten (const char *text)
{
  g_autofree char *tidy = g_utf8_make_valid (text, -1);

  g_strstrip (tidy);
  if (*tidy == '\0')
    return NULL;
  if (g_utf8_strlen (tidy, -1) > MAX_DETAIL)
    {
      g_autofree char *head = g_utf8_substring (tidy, 0, MAX_DETAIL);

      return g_strconcat (head, "…", NULL);
    }

  return g_steal_pointer (&tidy);
}

/* "body.provider" of ["body", "provider"]. */
static char *
dup_place (JsonObject *item)
{
  JsonArray *loc = bobbin_json_get_array (item, "loc");
  GString *place = g_string_new (NULL);

  for (guint i = 0; loc != NULL && i < json_array_get_length (loc); i++)
    {
      JsonNode *node = json_array_get_element (loc, i);
      g_autofree char *text = NULL;

      if (!JSON_NODE_HOLDS_VALUE (node))
        continue;
      text = json_node_get_value_type (node) == G_TYPE_STRING ? json_node_dup_string (node)
                                                              : g_strdup_printf ("%" G_GINT64_FORMAT, json_node_get_int (node));
      g_string_append_printf (place, "%s%s", place->len > 0 ? "." : "", text);
    }

  return g_string_free (place, FALSE);
}

/* FastAPI's list of what does not fit. */
static char *
dup_list_words (JsonArray *list)
{
  g_autoptr(GString) words = g_string_new (NULL);

  for (guint i = 0; i < json_array_get_length (list) && words->len < MAX_DETAIL; i++)
    {
      JsonNode *node = json_array_get_element (list, i);
      g_autofree char *inner = NULL;
      g_autofree char *place = NULL;

      if (JSON_NODE_HOLDS_OBJECT (node))
        place = dup_place (json_node_get_object (node));
      inner = bobbin_refusal_dup_words (node);
      if (inner != NULL)
        g_string_append_printf (words, "%s%s%s%s", words->len > 0 ? "; " : "", place != NULL ? place : "",
                                place != NULL && *place != '\0' ? ": " : "", inner);
    }

  return words->len > 0 ? bobbin_refusal_shorten (words->str) : NULL;
}

char *
bobbin_refusal_dup_words (JsonNode *root)
{
  static const char *const members[] = { "error", "message", "detail", "msg", "error_description", "title" };
  JsonObject *object;

  if (root == NULL)
    return NULL;
  if (JSON_NODE_HOLDS_VALUE (root))
    return json_node_get_value_type (root) == G_TYPE_STRING ? bobbin_refusal_shorten (json_node_get_string (root)) : NULL;
  if (JSON_NODE_HOLDS_ARRAY (root))
    return dup_list_words (json_node_get_array (root));
  if (!JSON_NODE_HOLDS_OBJECT (root))
    return NULL;

  object = json_node_get_object (root);
  for (gsize i = 0; i < G_N_ELEMENTS (members); i++)
    {
      JsonNode *node = bobbin_json_get_node (object, members[i]);
      char *words = node != NULL ? bobbin_refusal_dup_words (node) : NULL;

      if (words != NULL)
        return words;
    }

  return NULL;
}

/* What no line of the table names. */
static BobbinErrorCode
code_of_class (guint     status,
               gboolean *ret_refused)
{
  *ret_refused = status < 500;
  if (status >= 500)
    return BOBBIN_ERROR_SERVER;
  if (status >= 400)
    return BOBBIN_ERROR_FAILED;

  /* 3xx is not followed with the key; 2xx or 1xx here means that it was no answer of this protocol. */
  return BOBBIN_ERROR_PROTOCOL;
}

BobbinFailure *
bobbin_refusal_to_failure (guint       status,
                           gint64      retry_after_ms,
                           const char *body,
                           gsize       length)
{
  g_autoptr(JsonNode) root = body != NULL && length > 0 ? bobbin_json_parse (body, (gssize) length, NULL) : NULL;
  g_autofree char *detail = bobbin_refusal_dup_words (root);
  g_autofree char *words = NULL;
  gboolean refused = FALSE;
  BobbinErrorCode error = code_of_class (status, &refused);
  BobbinFailure *failure;

  for (gsize i = 0; i < G_N_ELEMENTS (statuses); i++)
    if (statuses[i].status == status)
      {
        error = statuses[i].error;
        refused = statuses[i].refused;
        words = g_strdup (statuses[i].words);
        break;
      }
  if (words == NULL && status >= 300 && status < 400)
    words = g_strdup_printf ("The server points to another address (HTTP %u)", status);
  else if (words == NULL)
    words = g_strdup_printf ("HTTP status %u", status);
  if (status == 503 && retry_after_ms >= 0)
    {
      error = BOBBIN_ERROR_RATE_LIMITED;
      refused = TRUE;
    }

  failure = bobbin_failure_new (error, refused ? BOBBIN_CERTAINTY_REFUSED : BOBBIN_CERTAINTY_UNKNOWN,
                                detail != NULL ? detail : words);
  failure->http_status = status;
  failure->retry_after_ms = retry_after_ms;

  return failure;
}
