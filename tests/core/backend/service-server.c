#include "config.h"
#include "service-server.h"

#include <libsoup/soup.h>
#include <string.h>

static void
read_facts (ServiceServer *self)
{
  g_autoptr(GDataInputStream) lines = g_data_input_stream_new (g_subprocess_get_stdout_pipe (self->process));

  g_filter_input_stream_set_close_base_stream (G_FILTER_INPUT_STREAM (lines), FALSE);
  for (;;)
    {
      g_autoptr(GError) error = NULL;
      g_autofree char *line = g_data_input_stream_read_line (lines, NULL, NULL, &error);

      g_assert_no_error (error);
      g_assert_nonnull (line);
      if (g_str_equal (line, "ready"))
        break;
      if (g_str_has_prefix (line, "listening on "))
        self->url = g_strdup (line + strlen ("listening on "));
      else if (g_str_has_prefix (line, "key "))
        self->key = g_strdup (line + strlen ("key "));
      else if (g_str_has_prefix (line, "agent "))
        self->agent = g_strdup (line + strlen ("agent "));
    }
}

ServiceServer *
service_server_new (const char *name,
                    ...)
{
  ServiceServer *self = g_new0 (ServiceServer, 1);
  g_autoptr(GSubprocessLauncher) launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE);
  g_autoptr(GPtrArray) argv = g_ptr_array_new ();
  g_autofree char *path = g_build_filename (SERVERS_DIR, name, NULL);
  g_autoptr(GError) error = NULL;
  const char *argument;
  va_list args;
  const char *end;

  g_ptr_array_add (argv, "python3");
  g_ptr_array_add (argv, path);
  g_ptr_array_add (argv, "--speed");
  g_ptr_array_add (argv, "0");
  va_start (args, name);
  while ((argument = va_arg (args, const char *)) != NULL)
    g_ptr_array_add (argv, (gpointer) argument);
  va_end (args);
  g_ptr_array_add (argv, NULL);

  /* It ends when its standard input does, whatever becomes of us. */
  g_subprocess_launcher_setenv (launcher, "BOBBIN_TEST_SERVER_STDIN", "1", TRUE);
  g_subprocess_launcher_setenv (launcher, "PYTHONDONTWRITEBYTECODE", "1", TRUE);
  self->process = g_subprocess_launcher_spawnv (launcher, (const char *const *) argv->pdata, &error);
  g_assert_no_error (error);
  read_facts (self);
  g_assert_nonnull (self->url);
  end = strchr (strstr (self->url, "//") + 2, '/');
  self->root = end != NULL ? g_strndup (self->url, (gsize) (end - self->url)) : g_strdup (self->url);

  return self;
}

void
service_server_free (ServiceServer *self)
{
  g_subprocess_force_exit (self->process);
  g_assert_true (g_subprocess_wait (self->process, NULL, NULL));
  g_object_unref (self->process);
  g_free (self->url);
  g_free (self->root);
  g_free (self->key);
  g_free (self->agent);
  g_free (self);
}

JsonNode *
service_server_call (ServiceServer *self,
                     const char    *method,
                     const char    *path,
                     const char    *body)
{
  g_autoptr(SoupSession) session = soup_session_new ();
  g_autofree char *url = g_strconcat (self->root, path, NULL);
  g_autoptr(SoupMessage) message = soup_message_new (method, url);
  g_autofree char *bearer = g_strconcat ("Bearer ", self->key, NULL);
  g_autoptr(GBytes) sent = body != NULL ? g_bytes_new (body, strlen (body)) : NULL;
  g_autoptr(GBytes) bytes = NULL;
  g_autoptr(GError) error = NULL;
  gsize size;
  const char *text;

  soup_message_headers_append (soup_message_get_request_headers (message), "Authorization", bearer);
  soup_message_headers_append (soup_message_get_request_headers (message), "X-API-Key", self->key);
  soup_message_headers_append (soup_message_get_request_headers (message), "OpenAI-Beta", "assistants=v2");
  if (sent != NULL)
    soup_message_set_request_body_from_bytes (message, "application/json", sent);
  bytes = soup_session_send_and_read (session, message, NULL, &error);
  g_assert_no_error (error);
  text = g_bytes_get_data (bytes, &size);
  if (size == 0)
    return NULL;

  {
    g_autofree char *copy = g_strndup (text, size);

    return json_from_string (copy, NULL);
  }
}

void
service_server_fault (ServiceServer *self,
                      const char    *fault)
{
  g_autoptr(JsonNode) answer = service_server_call (self, "POST", "/_test/faults", fault);

  g_assert_nonnull (answer);
}

void
service_server_reset (ServiceServer *self)
{
  g_autoptr(JsonNode) answer = service_server_call (self, "POST", "/_test/reset", "{}");

  g_assert_nonnull (answer);
}

static gboolean
is_of (JsonObject *request,
       const char *pattern)
{
  g_autofree char *line = g_strdup_printf ("%s %s", json_object_get_string_member (request, "method"),
                                           json_object_get_string_member (request, "path"));

  return g_pattern_match_simple (pattern, line);
}

/* (nullable) borrowed from @log. */
static JsonObject *
find (JsonNode   *log,
      const char *pattern,
      guint      *ret_count)
{
  JsonArray *requests = json_object_get_array_member (json_node_get_object (log), "requests");
  JsonObject *last = NULL;

  *ret_count = 0;
  for (guint i = 0; i < json_array_get_length (requests); i++)
    {
      JsonObject *request = json_array_get_object_element (requests, i);

      if (!is_of (request, pattern))
        continue;
      last = request;
      ++*ret_count;
    }

  return last;
}

guint
service_server_count (ServiceServer *self,
                      const char    *pattern)
{
  g_autoptr(JsonNode) log = service_server_call (self, "GET", "/_test/requests", NULL);
  guint count;

  find (log, pattern, &count);

  return count;
}

guint
service_server_count_bodies (ServiceServer *self,
                             const char    *pattern,
                             const char    *text)
{
  g_autoptr(JsonNode) log = service_server_call (self, "GET", "/_test/requests", NULL);
  JsonArray *requests = json_object_get_array_member (json_node_get_object (log), "requests");
  guint count = 0;

  for (guint i = 0; i < json_array_get_length (requests); i++)
    {
      JsonObject *request = json_array_get_object_element (requests, i);

      if (is_of (request, pattern) && strstr (json_object_get_string_member (request, "body"), text) != NULL)
        count++;
    }

  return count;
}

char *
service_server_dup_body (ServiceServer *self,
                         const char    *pattern)
{
  g_autoptr(JsonNode) log = service_server_call (self, "GET", "/_test/requests", NULL);
  guint count;
  JsonObject *last = find (log, pattern, &count);

  return last != NULL ? g_strdup (json_object_get_string_member (last, "body")) : NULL;
}

char *
service_server_dup_header (ServiceServer *self,
                           const char    *pattern,
                           const char    *name)
{
  g_autoptr(JsonNode) log = service_server_call (self, "GET", "/_test/requests", NULL);
  guint count;
  JsonObject *last = find (log, pattern, &count);
  JsonObject *headers = last != NULL ? json_object_get_object_member (last, "headers") : NULL;

  return headers != NULL && json_object_has_member (headers, name) ? g_strdup (json_object_get_string_member (headers, name)) : NULL;
}
