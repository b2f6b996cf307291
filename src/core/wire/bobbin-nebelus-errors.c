#define G_LOG_DOMAIN "bobbin-wire"
#include "config.h"
#include "wire/bobbin-nebelus-errors.h"

#include "util/bobbin-json.h"

#include <stdio.h>
#include <string.h>

/* Longest detail kept: a sentence, not a page. */
#define MAX_DETAIL 500
/* Nobody waits longer than a day; it also keeps the sum within bounds. */
#define MAX_RETRY_AFTER_S (24 * 60 * 60)

/* nebelus.md, section 9.1. refused: the server did not start a turn. */
static const struct { const char *type; BobbinErrorCode code; gboolean refused; } error_types[] = {
  { "authentication_error", BOBBIN_ERROR_AUTH, TRUE },
  { "organization_error", BOBBIN_ERROR_FORBIDDEN, TRUE },
  { "forbidden", BOBBIN_ERROR_FORBIDDEN, TRUE },
  { "not_found", BOBBIN_ERROR_NOT_FOUND, TRUE },
  { "thread_not_found", BOBBIN_ERROR_NOT_FOUND, TRUE },
  { "agent_inactive", BOBBIN_ERROR_INACTIVE, TRUE },
  { "insufficient_credits", BOBBIN_ERROR_CREDITS, TRUE },
  { "busy", BOBBIN_ERROR_BUSY, TRUE },
  { "streaming_error", BOBBIN_ERROR_SERVER, FALSE },
  { "handler_error", BOBBIN_ERROR_SERVER, FALSE },
};

/* nebelus.md, section 9.2. */
static const struct { guint code; BobbinErrorCode error; gboolean refused; const char *words; } close_codes[] = {
  { 0, BOBBIN_ERROR_NETWORK, FALSE, "The connection was lost" },
  { 1000, BOBBIN_ERROR_NETWORK, FALSE, "The server closed the connection" },
  { 1001, BOBBIN_ERROR_NETWORK, FALSE, "The server is going away" },
  { 1002, BOBBIN_ERROR_PROTOCOL, FALSE, "The server saw a protocol error" },
  { 1003, BOBBIN_ERROR_PROTOCOL, FALSE, "The server does not accept this kind of data" },
  { 1005, BOBBIN_ERROR_NETWORK, FALSE, "The server closed the connection without a reason" },
  { 1006, BOBBIN_ERROR_NETWORK, FALSE, "The connection was lost" },
  { 1007, BOBBIN_ERROR_PROTOCOL, FALSE, "Text that is not valid UTF-8 was sent" },
  { 1008, BOBBIN_ERROR_FORBIDDEN, FALSE, "The server's policy forbids this" },
  { 1009, BOBBIN_ERROR_TOO_LARGE, TRUE, "The message is too large" },
  { 1011, BOBBIN_ERROR_NETWORK, FALSE, "The server had an error" },
  { 1012, BOBBIN_ERROR_NETWORK, FALSE, "The server restarts" },
  { 1013, BOBBIN_ERROR_NETWORK, FALSE, "The server is too busy" },
  { 1014, BOBBIN_ERROR_NETWORK, FALSE, "A server behind the server did not answer" },
  { 1015, BOBBIN_ERROR_TLS, FALSE, "The secure connection could not be made" },
  { 4001, BOBBIN_ERROR_AUTH, TRUE, "The key was not accepted" },
  { 4002, BOBBIN_ERROR_FORBIDDEN, TRUE, "The key belongs to no organization" },
  { 4003, BOBBIN_ERROR_FORBIDDEN, TRUE, "The key has no right to this agent or thread" },
  { 4004, BOBBIN_ERROR_NOT_FOUND, TRUE, "The thread or agent was not found" },
};

/* nebelus.md, section 9.3. */
static const struct { guint status; BobbinErrorCode error; gboolean refused; const char *words; } statuses[] = {
  { 400, BOBBIN_ERROR_INVALID, TRUE, "Bad request" },
  { 401, BOBBIN_ERROR_AUTH, TRUE, "The key was not accepted" },
  { 402, BOBBIN_ERROR_CREDITS, TRUE, "Insufficient funds" },
  { 403, BOBBIN_ERROR_FORBIDDEN, TRUE, "The key has no right to this agent, or a firewall refused the program" },
  { 404, BOBBIN_ERROR_NOT_FOUND, TRUE, "The thread, agent or address was not found" },
  { 408, BOBBIN_ERROR_TIMED_OUT, FALSE, "The server gave up waiting" },
  { 413, BOBBIN_ERROR_TOO_LARGE, TRUE, "The attachments are too large" },
  { 422, BOBBIN_ERROR_INVALID, TRUE, "The server could not use the request" },
  { 426, BOBBIN_ERROR_NOT_SUPPORTED, TRUE, "The server wants another program version" },
  { 429, BOBBIN_ERROR_RATE_LIMITED, TRUE, "Too many requests" },
  { 500, BOBBIN_ERROR_SERVER, FALSE, "The server had an error" },
  { 501, BOBBIN_ERROR_PROTOCOL, TRUE, "The server does not know this call" },
  { 502, BOBBIN_ERROR_SERVER, FALSE, "A server behind the server did not answer" },
  { 503, BOBBIN_ERROR_SERVER, FALSE, "The server is not available" },
  { 504, BOBBIN_ERROR_SERVER, FALSE, "A server behind the server took too long" },
};

static char *
shorten (const char *text)
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

/* (nullable): the sentence in @object: "message", "detail", "msg", or "error" as a string. */
static const char *
find_words (JsonObject *object)
{
  static const char *const members[] = { "message", "detail", "msg", "error" };

  for (gsize i = 0; i < G_N_ELEMENTS (members); i++)
    {
      const char *words = bobbin_json_get_string (object, members[i]);

      if (words != NULL && *words != '\0')
        return words;
    }

  return NULL;
}

static char *
dup_type (JsonObject *object)
{
  char *type = object != NULL ? bobbin_json_dup_text (object, "type") : NULL;

  /* An envelope that calls itself an error says nothing; the code does. */
  if (type == NULL || *type == '\0' || strcmp (type, "error") == 0)
    {
      g_free (type);
      type = object != NULL ? bobbin_json_dup_text (object, "code") : NULL;
    }

  return type;
}

BobbinFailure *
bobbin_nebelus_failure_from_error (JsonObject       *data,
                                   BobbinCertainty   certainty,
                                   char            **ret_type)
{
  JsonObject *nested = bobbin_json_get_object (data, "error");
  g_autofree char *type = dup_type (nested);
  g_autofree char *detail = NULL;
  const char *words = nested != NULL ? find_words (nested) : NULL;
  BobbinErrorCode code = BOBBIN_ERROR_SERVER;

  if (type == NULL)
    type = dup_type (data);
  if (words == NULL)
    words = find_words (data);
  if (words == NULL)
    words = type;
  for (gsize i = 0; type != NULL && i < G_N_ELEMENTS (error_types); i++)
    if (strcmp (type, error_types[i].type) == 0)
      {
        code = error_types[i].code;
        if (error_types[i].refused && (certainty == BOBBIN_CERTAINTY_UNKNOWN || code == BOBBIN_ERROR_BUSY))
          certainty = BOBBIN_CERTAINTY_REFUSED;
        break;
      }
  detail = words != NULL ? shorten (words) : NULL;
  if (ret_type != NULL)
    *ret_type = g_steal_pointer (&type);

  return bobbin_failure_new (code, certainty, detail != NULL ? detail : "The server reported an error");
}

BobbinFailure *
bobbin_nebelus_failure_from_close (guint            code,
                                   const char      *reason,
                                   BobbinCertainty  certainty)
{
  BobbinErrorCode error = code >= 3000 ? BOBBIN_ERROR_FAILED : BOBBIN_ERROR_NETWORK;
  const char *words = "The server closed the connection";
  g_autofree char *detail = reason != NULL ? shorten (reason) : NULL;
  BobbinFailure *failure;

  for (gsize i = 0; i < G_N_ELEMENTS (close_codes); i++)
    if (close_codes[i].code == code)
      {
        error = close_codes[i].error;
        words = close_codes[i].words;
        if (close_codes[i].refused && certainty == BOBBIN_CERTAINTY_UNKNOWN)
          certainty = BOBBIN_CERTAINTY_REFUSED;
        break;
      }
  /* Section 3.1: 4004 also stands for an inactive agent; the words tell, where there are any. */
  if (code == 4004 && detail != NULL && strstr (detail, "inactive") != NULL)
    error = BOBBIN_ERROR_INACTIVE;

  failure = bobbin_failure_new (error, certainty, detail != NULL ? detail : words);
  failure->close_code = code;

  return failure;
}

/* Seconds since 1970 of an HTTP date, "Sun, 06 Nov 1994 08:49:37 GMT". */
static gboolean
parse_http_date (const char *value,
                 gint64     *ret_seconds)
{
  static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
  char month[4];
  int day, year, hour, minute, second;
  const char *found;
  g_autoptr(GDateTime) time = NULL;

  if (sscanf (value, "%*3[A-Za-z], %2d %3[A-Za-z] %4d %2d:%2d:%2d GMT", &day, month, &year, &hour, &minute,
              &second) != 6)
    return FALSE;
  found = strlen (month) == 3 ? strstr (months, month) : NULL;
  if (found == NULL || (found - months) % 3 != 0)
    return FALSE;
  time = g_date_time_new_utc (year, (int) (found - months) / 3 + 1, day, hour, minute, MIN (second, 59));
  if (time == NULL)
    return FALSE;
  *ret_seconds = g_date_time_to_unix (time);

  return TRUE;
}

gint64
bobbin_nebelus_parse_retry_after (const char *value,
                                  gint64      now_us)
{
  g_autofree char *trimmed = NULL;
  gint64 seconds;
  char *end = NULL;
  double number;

  if (value == NULL)
    return -1;

  trimmed = g_strstrip (g_strdup (value));
  number = g_ascii_strtod (trimmed, &end);
  if (end != trimmed && *end == '\0' && number >= 0)
    return (gint64) (MIN (number, MAX_RETRY_AFTER_S) * 1000);
  if (parse_http_date (trimmed, &seconds))
    return CLAMP (seconds - now_us / G_USEC_PER_SEC, 0, MAX_RETRY_AFTER_S) * 1000;

  return -1;
}

/* The readable part of an error body: "detail", a string or a list of objects with "msg", else "error". */
static char *
dup_body_detail (const char *body,
                 gsize       length)
{
  g_autoptr(JsonObject) object = body != NULL && length > 0
                                 ? bobbin_json_parse_object (body, (gssize) length, NULL) : NULL;
  const char *words = NULL;

  if (object == NULL)
    return NULL;

  words = bobbin_json_get_string (object, "detail");
  if (words == NULL)
    {
      JsonArray *list = bobbin_json_get_array (object, "detail");
      JsonNode *first = list != NULL && json_array_get_length (list) > 0 ? json_array_get_element (list, 0) : NULL;

      if (first != NULL && JSON_NODE_HOLDS_OBJECT (first))
        words = find_words (json_node_get_object (first));
    }
  if (words == NULL)
    words = bobbin_json_get_string (object, "error");
  if (words == NULL)
    {
      JsonObject *nested = bobbin_json_get_object (object, "error");

      words = nested != NULL ? find_words (nested) : NULL;
    }
  if (words == NULL)
    words = bobbin_json_get_string (object, "message");

  return words != NULL ? shorten (words) : NULL;
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
bobbin_nebelus_failure_from_http (guint       status,
                                  const char *retry_after,
                                  const char *body,
                                  gsize       length,
                                  gint64      now_us)
{
  g_autofree char *detail = dup_body_detail (body, length);
  g_autofree char *words = NULL;
  gint64 retry_after_ms = bobbin_nebelus_parse_retry_after (retry_after, now_us);
  gboolean refused = FALSE;
  BobbinErrorCode error = code_of_class (status, &refused);
  BobbinFailure *failure;

  if (status >= 300 && status < 400)
    words = g_strdup_printf ("The server points to another address (HTTP %u)", status);
  else
    words = g_strdup_printf ("HTTP status %u", status);
  for (gsize i = 0; i < G_N_ELEMENTS (statuses); i++)
    if (statuses[i].status == status)
      {
        error = statuses[i].error;
        refused = statuses[i].refused;
        g_free (words);
        words = g_strdup (statuses[i].words);
        break;
      }
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
