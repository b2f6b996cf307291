/* The floor for streaming: a bare GtkTextView, fed once a frame with what came over a loopback WebSocket through libsoup
 * and json-glib. Nothing is stored, nothing else is shown.
 *
 *   floor-stream URL KEY TEXT
 *
 * Says "ready" when connected, sends TEXT when it reads a line, says "done" at the end of the answer, and stays. */
#include <adwaita.h>
#include <glib-unix.h>
#include <json-glib/json-glib.h>
#include <libsoup/soup.h>

typedef struct
{
  GApplication            *application;
  const char              *url;
  const char              *key;
  const char              *text;
  SoupSession             *session;
  SoupWebsocketConnection *socket;
  GtkWidget               *view;
  GtkTextBuffer           *buffer;
  GString                 *pending;
  gboolean                 stopped;
} Floor;

static void
say (const char *word)
{
  g_print ("%s\n", word);
}

static gboolean
tick_cb (GtkWidget *widget, GdkFrameClock *clock, gpointer user_data)
{
  Floor *self = user_data;
  GtkTextIter end;

  if (self->pending->len > 0)
    {
      gtk_text_buffer_get_end_iter (self->buffer, &end);
      gtk_text_buffer_insert (self->buffer, &end, self->pending->str, (int) self->pending->len);
      g_string_truncate (self->pending, 0);
    }
  if (self->stopped)
    {
      say ("done");
      return G_SOURCE_REMOVE;
    }
  return G_SOURCE_CONTINUE;
}

static gboolean
go_cb (int fd, GIOCondition condition, gpointer user_data)
{
  Floor *self = user_data;
  g_autoptr(JsonBuilder) builder = json_builder_new ();
  g_autoptr(JsonNode) root = NULL;
  g_autofree char *frame = NULL;

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "type");
  json_builder_add_string_value (builder, "chat");
  json_builder_set_member_name (builder, "content");
  json_builder_add_string_value (builder, self->text);
  json_builder_end_object (builder);
  root = json_builder_get_root (builder);
  frame = json_to_string (root, FALSE);
  gtk_widget_add_tick_callback (self->view, tick_cb, self, NULL);
  soup_websocket_connection_send_text (self->socket, frame);
  return G_SOURCE_REMOVE;
}

static void
message_cb (SoupWebsocketConnection *socket, int type, GBytes *message, gpointer user_data)
{
  Floor *self = user_data;
  g_autoptr(JsonParser) parser = json_parser_new ();
  gsize size;
  const char *bytes = g_bytes_get_data (message, &size);
  JsonObject *object, *data;
  const char *event;

  if (!json_parser_load_from_data (parser, bytes, (gssize) size, NULL))
    return;
  object = json_node_get_object (json_parser_get_root (parser));
  event = json_object_get_string_member_with_default (object, "event", "");
  if (g_str_equal (event, "connection"))
    {
      g_unix_fd_add (0, G_IO_IN, go_cb, self);
      say ("ready");
    }
  else if (g_str_equal (event, "message_stop"))
    self->stopped = TRUE;
  else if (g_str_equal (event, "content_block") && json_object_has_member (object, "data"))
    {
      data = json_object_get_object_member (object, "data");
      if (json_object_has_member (data, "data"))
        data = json_object_get_object_member (data, "data");
      g_string_append (self->pending, json_object_get_string_member_with_default (data, "text", ""));
    }
}

static void
connect_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Floor *self = user_data;
  g_autoptr(GError) error = NULL;

  self->socket = soup_session_websocket_connect_finish (SOUP_SESSION (source), result, &error);
  if (self->socket == NULL)
    {
      g_printerr ("%s\n", error->message);
      g_application_quit (self->application);
      return;
    }
  g_signal_connect (self->socket, "message", G_CALLBACK (message_cb), self);
}

static void
activate_cb (GtkApplication *application, gpointer user_data)
{
  Floor *self = user_data;
  GtkWidget *window = adw_application_window_new (application);
  GtkWidget *scroll = gtk_scrolled_window_new ();
  GtkWidget *view = gtk_text_view_new ();
  g_autoptr(SoupMessage) message = soup_message_new ("GET", self->url);
  g_autofree char *bearer = g_strdup_printf ("Bearer %s", self->key);

  gtk_text_view_set_wrap_mode (GTK_TEXT_VIEW (view), GTK_WRAP_WORD_CHAR);
  gtk_text_view_set_editable (GTK_TEXT_VIEW (view), FALSE);
  self->view = view;
  self->buffer = gtk_text_view_get_buffer (GTK_TEXT_VIEW (view));
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroll), view);
  adw_application_window_set_content (ADW_APPLICATION_WINDOW (window), scroll);
  gtk_window_set_default_size (GTK_WINDOW (window), 1000, 700);
  gtk_window_present (GTK_WINDOW (window));

  soup_message_headers_append (soup_message_get_request_headers (message), "Authorization", bearer);
  soup_session_websocket_connect_async (self->session, message, NULL, NULL, G_PRIORITY_DEFAULT, NULL, connect_cb, self);
}

int
main (int argc, char **argv)
{
  g_autoptr(AdwApplication) application = adw_application_new ("io.github.bobbin_chat.FloorStream",
                                                               G_APPLICATION_NON_UNIQUE);
  g_autoptr(SoupSession) session = soup_session_new ();
  g_autoptr(GString) pending = g_string_new (NULL);
  Floor self = { .application = G_APPLICATION (application), .session = session, .pending = pending };
  int status;

  if (argc != 4)
    {
      g_printerr ("usage: floor-stream URL KEY TEXT\n");
      return 2;
    }
  self.url = argv[1];
  self.key = argv[2];
  self.text = argv[3];
  g_signal_connect (application, "activate", G_CALLBACK (activate_cb), &self);
  status = g_application_run (G_APPLICATION (application), 1, argv);
  g_clear_object (&self.socket);
  return status;
}
