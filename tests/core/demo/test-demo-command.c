#include "config.h"

#include <libsoup/soup.h>
#include <signal.h>
#include <string.h>

/* The program of tests/servers, which is "bobbin demo-server" with more options. */

typedef struct
{
  GSubprocess      *process;
  GDataInputStream *out;
} Program;

static Program
launch (const char *input,
        const char *first,
        ...)
{
  g_autoptr(GPtrArray) argv = g_ptr_array_new ();
  g_autoptr(GError) error = NULL;
  Program program;
  va_list args;

  g_ptr_array_add (argv, (gpointer) g_getenv ("NEBELUS_SERVER"));
  va_start (args, first);
  for (const char *arg = first; arg != NULL; arg = va_arg (args, const char *))
    g_ptr_array_add (argv, (gpointer) arg);
  va_end (args);
  g_ptr_array_add (argv, NULL);
  program.process = g_subprocess_newv ((const char *const *) argv->pdata,
                                       G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE |
                                       G_SUBPROCESS_FLAGS_STDERR_SILENCE, &error);
  g_assert_no_error (error);
  if (input != NULL)
    g_assert_true (g_output_stream_write_all (g_subprocess_get_stdin_pipe (program.process), input,
                                              strlen (input), NULL, NULL, NULL));
  g_output_stream_close (g_subprocess_get_stdin_pipe (program.process), NULL, NULL);
  program.out = g_data_input_stream_new (g_subprocess_get_stdout_pipe (program.process));

  return program;
}

/* The rest of the next line, which starts with @start. */
static char *
read_line (Program    *program,
           const char *start)
{
  g_autofree char *line = g_data_input_stream_read_line_utf8 (program->out, NULL, NULL, NULL);

  g_assert_nonnull (line);
  g_assert_true (g_str_has_prefix (line, start));

  return g_strdup (line + strlen (start));
}

/* Ends the program. Returns: its exit status. */
static int
end (Program *program,
     int      signal_number)
{
  int status;

  if (signal_number != 0)
    g_subprocess_send_signal (program->process, signal_number);
  g_assert_true (g_subprocess_wait (program->process, NULL, NULL));
  g_assert_true (g_subprocess_get_if_exited (program->process));
  status = g_subprocess_get_exit_status (program->process);
  g_object_unref (program->out);
  g_object_unref (program->process);

  return status;
}

static guint
post (const char *url,
      const char *agent,
      const char *key,
      const char *text)
{
  g_autoptr(SoupSession) session = soup_session_new ();
  g_autofree char *uri = g_strdup_printf ("%s/api/agents/%s/chat/", url, agent);
  g_autofree char *bearer = g_strdup_printf ("Bearer %s", key);
  g_autofree char *body = g_strdup_printf ("{\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]}", text);
  g_autoptr(SoupMessage) message = soup_message_new ("POST", uri);
  g_autoptr(GBytes) bytes = g_bytes_new (body, strlen (body));
  g_autoptr(GBytes) answer = NULL;

  soup_message_headers_replace (soup_message_get_request_headers (message), "Authorization", bearer);
  soup_message_set_request_body_from_bytes (message, "application/json", bytes);
  answer = soup_session_send_and_read (session, message, NULL, NULL);

  return soup_message_get_status (message);
}

static void
test_run (void)
{
  Program program = launch (NULL, "--speed", "0", "--fault", "{\"refuse\":503}", NULL);
  g_autofree char *url = read_line (&program, "listening on ");
  g_autofree char *agent = read_line (&program, "agent ");
  g_autofree char *key = read_line (&program, "key ");
  g_autofree char *chat = NULL;

  g_assert_cmpuint (post (url, agent, key, "one"), ==, 503);
  g_assert_cmpuint (post (url, agent, "wrong", "two"), ==, 401);
  g_assert_cmpuint (post (url, agent, key, "three"), ==, 200);
  chat = read_line (&program, "{\"thread_id\":");
  g_assert_nonnull (strstr (chat,
                            "\"text\":\"three\",\"transport\":\"sse\",\"outcome\":\"answered\",\"attachments\":[]}"));
  g_assert_cmpint (end (&program, SIGTERM), ==, 0);
}

static void
test_key_stdin (void)
{
  Program program = launch ("sekret\n", "--key-stdin", NULL);
  g_autofree char *url = read_line (&program, "listening on http://127.0.0.1:");
  g_autofree char *agent = read_line (&program, "agent ");
  g_autofree char *full = g_strconcat ("http://127.0.0.1:", url, NULL);

  g_assert_cmpuint (post (full, agent, "sekret", "one"), ==, 200);
  g_assert_cmpint (end (&program, SIGINT), ==, 0);
}

static void
test_bad (void)
{
  static const char *const wrong[] = { "--nonsense", "extra", "--port=70000", "--port=-1", "--port=x",
                                       "--fault={}", "--key-stdin" };
  Program first = launch (NULL, NULL);
  g_autofree char *port = read_line (&first, "listening on http://127.0.0.1:");
  Program second = launch (NULL, "--port", port, NULL);

  g_assert_cmpint (end (&second, 0), ==, 1);
  g_assert_cmpint (end (&first, SIGTERM), ==, 0);
  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      Program program = launch (NULL, wrong[i], NULL);

      g_assert_cmpint (end (&program, 0), ==, 2);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/demo/command/run", test_run);
  g_test_add_func ("/demo/command/key-stdin", test_key_stdin);
  g_test_add_func ("/demo/command/bad", test_bad);

  return g_test_run ();
}
