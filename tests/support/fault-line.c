#define _GNU_SOURCE /* pipe2() */
#include "config.h"
#include "fault-line.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define DELAY_US (20 * 1000)

/* One direction of one connection: what was read and could not be written yet. */
typedef struct
{
  GByteArray *held;
  gboolean    ended;      /* the source said FIN */
  gboolean    shut;       /* and the target was told */
} Pipe;

typedef struct
{
  int      fds[2];        /* by the direction that writes to it: FAULT_UP the server, FAULT_DOWN Bobbin */
  Pipe     pipes[2];
  gboolean stalled;
  gint64   held_until_us; /* monotonic, 0: not held */
} Link;

struct _FaultLine
{
  GThread    *thread;
  int         listener;
  int         wake[2];
  guint       port;
  guint       server_port;
  gboolean    ends;
  GPtrArray  *links;      /* of Link; of the thread alone */
  /* under the lock */
  GMutex          lock;
  FaultKind       kind;
  FaultDirection  direction;
  guint64         at;
  gboolean        fired;
  gboolean        drips;
  gboolean        frees_stalled;
  GByteArray     *passed[2];
};

const char *
fault_kind_get_name (FaultKind kind)
{
  const char *const names[N_FAULTS] = { "none", "cut", "reset", "half", "stall", "corrupt", "drip", "delay" };

  return names[kind];
}

static void
link_free (gpointer data)
{
  Link *link = data;

  for (int i = 0; i < 2; i++)
    {
      if (link->fds[i] >= 0)
        close (link->fds[i]);
      g_byte_array_unref (link->pipes[i].held);
    }
  g_free (link);
}

static void
link_close (Link     *link,
            gboolean  reset)
{
  struct linger linger = { 1, 0 };

  for (int i = 0; i < 2; i++)
    if (link->fds[i] >= 0)
      {
        if (reset)
          setsockopt (link->fds[i], SOL_SOCKET, SO_LINGER, &linger, sizeof linger);
        close (link->fds[i]);
        link->fds[i] = -1;
      }
}

static void
set_options (int fd)
{
  int one = 1;

  fcntl (fd, F_SETFL, fcntl (fd, F_GETFL) | O_NONBLOCK);
  fcntl (fd, F_SETFD, FD_CLOEXEC);
  setsockopt (fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
}

static struct sockaddr_in
loopback (guint port)
{
  struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons ((guint16) port) };

  address.sin_addr.s_addr = htonl (INADDR_LOOPBACK);

  return address;
}

static void
take_connection (FaultLine *self)
{
  struct sockaddr_in address = loopback (self->server_port);
  int client = accept (self->listener, NULL, NULL);
  int server;
  Link *link;

  if (client < 0)
    return;
  server = socket (AF_INET, SOCK_STREAM, 0);
  if (connect (server, (struct sockaddr *) &address, sizeof address) != 0)
    {
      close (server);
      close (client);
      return;
    }
  set_options (client);
  set_options (server);
  link = g_new0 (Link, 1);
  link->fds[FAULT_UP] = server;
  link->fds[FAULT_DOWN] = client;
  link->pipes[0].held = g_byte_array_new ();
  link->pipes[1].held = g_byte_array_new ();
  g_ptr_array_add (self->links, link);
}

/* The fault at its byte. Returns how many of @size bytes pass before it. Under the lock. */
static gsize
before_fault (FaultLine      *self,
              FaultDirection  direction,
              gsize           size)
{
  guint64 passed = self->passed[direction]->len;

  if (self->fired || self->kind == FAULT_NONE || self->direction != direction || passed + size <= self->at)
    return size;

  return (gsize) (self->at - MIN (passed, self->at));
}

static void
fire (FaultLine *self,
      Link      *link,
      guint8    *next)
{
  self->fired = TRUE;
  switch (self->kind)
    {
    case FAULT_CUT:
      link_close (link, FALSE);
      break;

    case FAULT_RESET:
      link_close (link, TRUE);
      break;

    case FAULT_HALF:
      shutdown (link->fds[FAULT_DOWN], SHUT_WR);
      link->pipes[FAULT_DOWN].shut = TRUE;
      break;

    case FAULT_STALL:
      link->stalled = TRUE;
      break;

    case FAULT_CORRUPT:
      *next ^= 0x20;
      break;

    case FAULT_DRIP:
      self->drips = TRUE;
      break;

    case FAULT_DELAY:
      link->held_until_us = g_get_monotonic_time () + DELAY_US;
      break;

    case FAULT_NONE:
    case N_FAULTS:
    default:
      g_assert_not_reached ();
    }
}

/* Writes what is held, as far as the fault and the target allow. */
static void
push (FaultLine      *self,
      Link           *link,
      FaultDirection  direction)
{
  Pipe *pipe = &link->pipes[direction];
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  while (link->fds[direction] >= 0 && !link->stalled && link->held_until_us == 0 && pipe->held->len > 0 && !pipe->shut)
    {
      gsize size = before_fault (self, direction, pipe->held->len);
      gssize written;

      if (size == 0)
        {
          fire (self, link, pipe->held->data);
          continue;
        }
      if (self->drips)
        size = 1;
      written = send (link->fds[direction], pipe->held->data, size, MSG_NOSIGNAL);
      if (written < 0)
        {
          if (errno != EAGAIN)
            link_close (link, FALSE);
          return;
        }
      g_byte_array_append (self->passed[direction], pipe->held->data, (guint) written);
      g_byte_array_remove_range (pipe->held, 0, (guint) written);
    }
  if (pipe->ended && pipe->held->len == 0 && !pipe->shut && link->fds[direction] >= 0 && !link->stalled)
    {
      shutdown (link->fds[direction], SHUT_WR);
      pipe->shut = TRUE;
    }
}

static void
pull (FaultLine      *self,
      Link           *link,
      FaultDirection  direction)
{
  int source = link->fds[!direction];
  guint8 buffer[16384];
  gssize size = source >= 0 ? recv (source, buffer, sizeof buffer, 0) : -1;

  if (size > 0)
    g_byte_array_append (link->pipes[direction].held, buffer, (guint) size);
  else if (size == 0)
    link->pipes[direction].ended = TRUE;
  else if (source >= 0 && errno != EAGAIN)
    link_close (link, TRUE);
  push (self, link, direction);
}

static gboolean
is_over (Link *link)
{
  return link->fds[0] < 0 || (link->pipes[0].shut && link->pipes[1].shut);
}

/* Links whose delay is over go on, stalled ones end when told; both are looked at after every poll. */
static void
tend (FaultLine *self)
{
  gint64 now = g_get_monotonic_time ();
  gboolean frees;

  g_mutex_lock (&self->lock);
  frees = self->frees_stalled;
  self->frees_stalled = FALSE;
  g_mutex_unlock (&self->lock);
  for (guint i = self->links->len; i-- > 0;)
    {
      Link *link = self->links->pdata[i];

      if (link->held_until_us != 0 && link->held_until_us <= now)
        {
          link->held_until_us = 0;
          push (self, link, FAULT_UP);
          push (self, link, FAULT_DOWN);
        }
      if (frees && link->stalled)
        link_close (link, TRUE);
      if (is_over (link))
        g_ptr_array_remove_index_fast (self->links, i);
    }
}

static void
watch (GArray *polled,
       int     fd,
       short   events)
{
  struct pollfd one = { fd, events, 0 };

  g_array_append_val (polled, one);
}

static gpointer
run (gpointer data)
{
  FaultLine *self = data;
  g_autoptr(GArray) polled = g_array_new (FALSE, FALSE, sizeof (struct pollfd));
  char drain[64];

  while (!g_atomic_int_get (&self->ends))
    {
      guint n_links = self->links->len;
      struct pollfd *fds;

      g_array_set_size (polled, 0);
      watch (polled, self->listener, POLLIN);
      watch (polled, self->wake[0], POLLIN);
      for (guint i = 0; i < n_links; i++)
        {
          Link *link = self->links->pdata[i];

          /* A negative descriptor is passed over: one that stalls, or has ended, says nothing new. */
          for (int d = 0; d < 2; d++)
            watch (polled, link->stalled || link->pipes[!d].ended ? -1 : link->fds[d],
                   (short) (POLLIN | (link->pipes[d].held->len > 0 && link->held_until_us == 0 ? POLLOUT : 0)));
        }
      fds = (struct pollfd *) (gpointer) polled->data;
      poll (fds, polled->len, 10);
      if (fds[1].revents)
        (void) !read (self->wake[0], drain, sizeof drain);
      for (guint i = 0; i < n_links; i++)
        for (int d = 0; d < 2; d++)
          {
            Link *link = self->links->pdata[i];

            if (fds[2 + 2 * i + d].revents & (POLLIN | POLLHUP | POLLERR))
              pull (self, link, !d);
            if (fds[2 + 2 * i + d].revents & POLLOUT)
              push (self, link, d);
          }
      tend (self);
      if (fds[0].revents)
        take_connection (self);
    }

  return NULL;
}

FaultLine *
fault_line_new (guint server_port)
{
  FaultLine *self = g_new0 (FaultLine, 1);
  struct sockaddr_in address = loopback (0);
  socklen_t length = sizeof address;

  self->server_port = server_port;
  self->links = g_ptr_array_new_with_free_func (link_free);
  self->passed[0] = g_byte_array_new ();
  self->passed[1] = g_byte_array_new ();
  g_mutex_init (&self->lock);
  self->listener = socket (AF_INET, SOCK_STREAM, 0);
  g_assert_cmpint (bind (self->listener, (struct sockaddr *) &address, sizeof address), ==, 0);
  g_assert_cmpint (listen (self->listener, 16), ==, 0);
  set_options (self->listener);
  getsockname (self->listener, (struct sockaddr *) &address, &length);
  self->port = ntohs (address.sin_port);
  g_assert_cmpint (pipe2 (self->wake, O_CLOEXEC | O_NONBLOCK), ==, 0);
  self->thread = g_thread_new ("fault-line", run, self);

  return self;
}

static void
wake (FaultLine *self)
{
  (void) !write (self->wake[1], "", 1);
}

void
fault_line_free (FaultLine *self)
{
  g_atomic_int_set (&self->ends, TRUE);
  wake (self);
  g_thread_join (self->thread);
  g_ptr_array_unref (self->links);
  close (self->listener);
  close (self->wake[0]);
  close (self->wake[1]);
  g_byte_array_unref (self->passed[0]);
  g_byte_array_unref (self->passed[1]);
  g_mutex_clear (&self->lock);
  g_free (self);
}

guint
fault_line_get_port (FaultLine *self)
{
  return self->port;
}

void
fault_line_arm (FaultLine      *self,
                FaultKind       kind,
                FaultDirection  direction,
                guint64         at)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  self->kind = kind;
  self->direction = direction;
  self->at = at;
  self->fired = self->drips = FALSE;
  g_byte_array_set_size (self->passed[0], 0);
  g_byte_array_set_size (self->passed[1], 0);
}

void
fault_line_disarm (FaultLine *self)
{
  g_mutex_lock (&self->lock);
  self->kind = FAULT_NONE;
  self->drips = FALSE;
  self->frees_stalled = TRUE;
  g_mutex_unlock (&self->lock);
  wake (self);
}

gboolean
fault_line_get_fired (FaultLine *self)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  return self->fired;
}

guint64
fault_line_get_passed (FaultLine      *self,
                       FaultDirection  direction)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  return self->passed[direction]->len;
}

GBytes *
fault_line_dup_passed (FaultLine      *self,
                       FaultDirection  direction)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  return g_bytes_new (self->passed[direction]->data, self->passed[direction]->len);
}
