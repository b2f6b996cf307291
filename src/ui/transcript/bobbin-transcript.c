#define G_LOG_DOMAIN "bobbin-transcript"

#include "config.h"

#include "bobbin-transcript.h"

struct _BobbinTranscript
{
  GtkWidget parent_instance;
  /* owned */
  GObject *session;
};

enum { PROP_SESSION = 1, N_PROPS };

static GParamSpec *props[N_PROPS];

G_DEFINE_FINAL_TYPE (BobbinTranscript, bobbin_transcript, GTK_TYPE_WIDGET)

static void
bobbin_transcript_get_property (GObject    *object,
                                guint       prop_id,
                                GValue     *value,
                                GParamSpec *pspec)
{
  BobbinTranscript *self = BOBBIN_TRANSCRIPT (object);

  switch (prop_id)
    {
    case PROP_SESSION:
      g_value_set_object (value, self->session);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
bobbin_transcript_set_property (GObject      *object,
                                guint         prop_id,
                                const GValue *value,
                                GParamSpec   *pspec)
{
  BobbinTranscript *self = BOBBIN_TRANSCRIPT (object);

  switch (prop_id)
    {
    case PROP_SESSION:
      bobbin_transcript_set_session (self, g_value_get_object (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
bobbin_transcript_dispose (GObject *object)
{
  BobbinTranscript *self = BOBBIN_TRANSCRIPT (object);

  g_clear_object (&self->session);

  G_OBJECT_CLASS (bobbin_transcript_parent_class)->dispose (object);
}

static void
bobbin_transcript_class_init (BobbinTranscriptClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = bobbin_transcript_get_property;
  object_class->set_property = bobbin_transcript_set_property;
  object_class->dispose = bobbin_transcript_dispose;

  props[PROP_SESSION] = g_param_spec_object ("session", NULL, NULL, G_TYPE_OBJECT,
                                             G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, N_PROPS, props);

  g_signal_new ("quote", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
bobbin_transcript_init (BobbinTranscript *self)
{
}

GtkWidget *
bobbin_transcript_new (void)
{
  return g_object_new (BOBBIN_TYPE_TRANSCRIPT, NULL);
}

BobbinSession *
bobbin_transcript_get_session (BobbinTranscript *self)
{
  g_return_val_if_fail (BOBBIN_IS_TRANSCRIPT (self), NULL);

  return (BobbinSession *) self->session;
}

void
bobbin_transcript_set_session (BobbinTranscript *self, BobbinSession *session)
{
  g_return_if_fail (BOBBIN_IS_TRANSCRIPT (self));

  if (g_set_object (&self->session, G_OBJECT (session)))
    g_object_notify_by_pspec (G_OBJECT (self), props[PROP_SESSION]);
}

void
bobbin_transcript_jump_to_latest (BobbinTranscript *self)
{
  g_return_if_fail (BOBBIN_IS_TRANSCRIPT (self));
}
