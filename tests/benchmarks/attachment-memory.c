/* How much memory it takes to send 25 MiB of files to a server in another process.
 *
 *   attachment-memory sse|ws
 *
 * Prints "growth N", the peak growth of the process's PSS in bytes while the message goes out, and "encoded N", the size of the
 * message on the wire. A small message goes first, so that what is needed once is not counted.
 *   attachment-memory --serve   is the server: prints its address, key and agent, and ends with its standard input. */
#include "config.h"

#include "backend/bobbin-backend.h"
#include "backend/bobbin-channel.h"
#include "demo/bobbin-demo-server.h"
#include "model/bobbin-account.h"
#include "model/bobbin-attachment.h"
#include "model/bobbin-event.h"
#include "util/bobbin-clock.h"
#include "util/bobbin-error.h"

#include <glib/gstdio.h>
#include <malloc.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>

#define MEBIBYTE (1024 * 1024)

typedef struct
{
  GMainLoop     *loop;
  BobbinChannel *channel;
  char          *failure; /* (nullable) */
} Talk;

typedef struct
{
  gint   stop;   /* atomic */
  gint64 peak;
} Sampler;

static int
serve (void)
{
  g_autoptr(BobbinDemoServer) server = bobbin_demo_server_new ();
  g_autoptr(GError) error = NULL;

  if (!bobbin_demo_server_start (server, 0, NULL, &error))
    {
      g_printerr ("%s\n", error->message);
      return 1;
    }
  bobbin_demo_server_set_speed (server, BOBBIN_DEMO_SPEED_FLAT_OUT);
  g_print ("%s %s %s\n", bobbin_demo_server_get_base_url (server), bobbin_demo_server_get_key (server),
           bobbin_demo_server_get_agent_id (server));
  while (getchar () != EOF)
    ;
  bobbin_demo_server_stop (server);

  return 0;
}

static gint64
read_pss (void)
{
  g_autofree char *text = NULL;
  const char *line;

  if (!g_file_get_contents ("/proc/self/smaps_rollup", &text, NULL, NULL) || (line = strstr (text, "\nPss:")) == NULL)
    g_error ("no smaps_rollup");

  return g_ascii_strtoll (line + strlen ("\nPss:"), NULL, 10) * 1024;
}

static gpointer
sample_thread (gpointer data)
{
  Sampler *sampler = data;

  while (!g_atomic_int_get (&sampler->stop))
    {
      sampler->peak = MAX (sampler->peak, read_pss ());
      sched_yield ();
    }

  return NULL;
}

static void
event_cb (BobbinChannel *channel,
          BobbinEvent   *event,
          Talk          *talk)
{
  if (event->type == BOBBIN_EVENT_FAILED || event->type == BOBBIN_EVENT_CLOSED)
    talk->failure = g_strdup (event->failure != NULL && event->failure->detail != NULL ? event->failure->detail : "failed");
  if (event->type == BOBBIN_EVENT_READY || event->type == BOBBIN_EVENT_TURN_STOPPED || talk->failure != NULL)
    g_main_loop_quit (talk->loop);
}

static void
wait_for_end (Talk *talk)
{
  g_main_loop_run (talk->loop);
  if (talk->failure != NULL)
    g_error ("%s", talk->failure);
}

/* Returns: the turn; *@ret_encoded: its files in base64. */
static BobbinTurn *
make_turn (const char *dir,
           guint       n_files,
           gsize       size,
           gsize      *ret_encoded)
{
  g_autoptr(GPtrArray) attachments = g_ptr_array_new_with_free_func (g_object_unref);

  *ret_encoded = 0;
  for (guint i = 0; i < n_files; i++)
    {
      g_autofree char *name = g_strdup_printf ("file-%u-%" G_GSIZE_FORMAT ".bin", i, size);
      g_autofree char *path = g_build_filename (dir, name, NULL);
      g_autofree char *content = g_malloc (size);

      for (gsize j = 0; j < size; j++)
        content[j] = (char) (j * 31 + i);
      g_assert_true (g_file_set_contents (path, content, (gssize) size, NULL));
      g_ptr_array_add (attachments, bobbin_attachment_new (0, name, "application/octet-stream", (gint64) size, "00", path));
      *ret_encoded += (size + 2) / 3 * 4;
    }

  return bobbin_turn_new ("Look at these", attachments);
}

static void
remove_files (const char *dir)
{
  g_autoptr(GDir) listing = g_dir_open (dir, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (listing)) != NULL)
    {
      g_autofree char *path = g_build_filename (dir, name, NULL);

      g_unlink (path);
    }
  g_rmdir (dir);
}

static void
measure (Talk       *talk,
         const char *dir)
{
  gsize encoded;
  g_autoptr(BobbinTurn) small = make_turn (dir, 1, 1000, &encoded);
  g_autoptr(BobbinTurn) large = make_turn (dir, 5, 5 * MEBIBYTE, &encoded);
  Sampler sampler = { 0 };
  GThread *thread;
  gint64 before;

  bobbin_channel_send (talk->channel, small);
  wait_for_end (talk);

  malloc_trim (0);
  before = read_pss ();
  thread = g_thread_new ("sampler", sample_thread, &sampler);
  bobbin_channel_send (talk->channel, large);
  wait_for_end (talk);
  g_atomic_int_set (&sampler.stop, 1);
  g_thread_join (thread);
  g_print ("growth %" G_GINT64_FORMAT "\nencoded %" G_GSIZE_FORMAT "\n", MAX (0, sampler.peak - before), encoded);
}

int
main (int   argc,
      char *argv[])
{
  g_autoptr(GSubprocess) server = NULL;
  g_autoptr(GDataInputStream) lines = NULL;
  g_autofree char *line = NULL;
  g_auto(GStrv) words = NULL;
  g_autoptr(BobbinClock) clock = bobbin_system_clock_new ();
  g_autoptr(BobbinAccount) account = NULL;
  g_autoptr(BobbinBackend) backend = NULL;
  g_autofree char *dir = NULL;
  Talk talk = { 0 };
  BobbinTransport transport;

  if (argc == 2 && g_str_equal (argv[1], "--serve"))
    return serve ();
  if (argc != 2 || !bobbin_transport_from_nick (argv[1], &transport) || transport == BOBBIN_TRANSPORT_AUTO)
    {
      g_printerr ("attachment-memory sse|ws\n");
      return 2;
    }

  server = g_subprocess_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE, NULL, "/proc/self/exe", "--serve", NULL);
  lines = g_data_input_stream_new (g_subprocess_get_stdout_pipe (server));
  line = g_data_input_stream_read_line (lines, NULL, NULL, NULL);
  words = g_strsplit (line != NULL ? line : "", " ", 3);
  g_assert_cmpuint (g_strv_length (words), ==, 3);
  account = bobbin_account_new (0, BOBBIN_SERVICE_DEMO, "Demo", words[0]);
  bobbin_account_set_agent_id (account, words[2]);
  bobbin_account_set_transport (account, transport);
  backend = bobbin_registry_create (account, clock);
  bobbin_backend_set_credential (backend, words[1]);

  dir = g_dir_make_tmp ("bobbin-XXXXXX", NULL);
  talk.loop = g_main_loop_new (NULL, FALSE);
  talk.channel = bobbin_backend_open_channel (backend, NULL, NULL);
  g_signal_connect (talk.channel, "event", G_CALLBACK (event_cb), &talk);
  bobbin_channel_start (talk.channel);
  wait_for_end (&talk);
  measure (&talk, dir);
  bobbin_channel_close (talk.channel);
  g_object_unref (talk.channel);
  g_main_loop_unref (talk.loop);
  remove_files (dir);

  return 0;
}
