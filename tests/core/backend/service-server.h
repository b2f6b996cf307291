/* A test server of tests/servers as a process of its own: made once for a program, told to fail by faults (tests/servers/service.py). */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

typedef struct
{
  GSubprocess  *process;
  char         *url;   /* the base an account has */
  char         *root;  /* scheme, host and port */
  char         *key;
  char         *agent;
} ServiceServer;

/* @name: of the file; more arguments behind it, NULL-terminated. Any port, no pause between events. */
ServiceServer *service_server_new    (const char *name, ...) G_GNUC_NULL_TERMINATED;
void           service_server_free   (ServiceServer *self);
/* A call around the backend, with the key; @body: (nullable): JSON. Returns: (transfer full) (nullable): the answer, if it is JSON. */
JsonNode      *service_server_call   (ServiceServer *self, const char *method, const char *path, const char *body);
void           service_server_fault  (ServiceServer *self, const char *fault);
void           service_server_reset  (ServiceServer *self);
/* How many requests of "METHOD /path" came since the last reset; @pattern is a glob. */
guint          service_server_count  (ServiceServer *self, const char *pattern);
/* How many of those have @text in their body. */
guint          service_server_count_bodies (ServiceServer *self, const char *pattern, const char *text);
/* (transfer full) (nullable): the body of the last request of @pattern. */
char          *service_server_dup_body (ServiceServer *self, const char *pattern);
/* (transfer full) (nullable): a header of it, name in lower case. */
char          *service_server_dup_header (ServiceServer *self, const char *pattern, const char *name);

G_END_DECLS
