/* The plain calls of a service that speaks JSON over HTTP: one request, its answer as a tree or as a failure, with the waiting that
 * is allowed. What the addresses, the credential and the errors look like is the service's, given as two functions.
 *
 * A GET that was refused for its rate (429, or 503 with Retry-After) is repeated once after the wait the server asked for, when
 * that is short; a GET or DELETE that met a fault of the server as often as the service allows. Nothing else is ever repeated.
 * Main thread only. */
#pragma once

#include "transport/bobbin-http.h"
#include "util/bobbin-error.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

#define BOBBIN_JSON_API_MAX_BYTES (32 * 1024 * 1024)
#define BOBBIN_JSON_API_WAIT_MS   30000 /* the longest Retry-After that is waited for */

typedef struct
{
  /* The request with its credential, Accept and what else every call has. @path begins with a slash and may hold a query. */
  BobbinHttpRequest *(*make_request) (GObject *service, const char *method, const char *path);
  /* What an answer of status 400 and more means. @body: (nullable): not NUL-terminated. The certainty is set by the caller where it
   * matters. */
  BobbinFailure     *(*make_failure) (GObject *service, guint status, const char *body, gsize length, gint64 retry_after_ms);
  /* (nullable): whether an answer of status 400 and more only means that what was asked for is not there: then it is a JSON null. */
  gboolean           (*is_nothing)   (GObject *service, const char *method, const char *path, guint status, const char *body, gsize length);
  /* (nullable): the same for a service whose refusals lie in more than the body, such as headers. Goes before the other. */
  BobbinFailure     *(*read_failure) (GObject *service, BobbinHttpRequest *request, const char *body, gsize length);
  guint              repeats;        /* of a GET or DELETE after 500, 502, 503, 504; the waits are 1, 2, 4 … s */
} BobbinJsonApi;

/* @api is static. @service is kept until the end. @body: (nullable): JSON text. */
void      bobbin_json_api_call_async  (const BobbinJsonApi *api, GObject *service, BobbinHttp *http, const char *method,
                                       const char *path, const char *body, GCancellable *cancellable,
                                       GAsyncReadyCallback callback, gpointer user_data);
/* The same with a request made by the caller, which is sent once, whatever happens: uploads. */
void      bobbin_json_api_send_async  (const BobbinJsonApi *api, GObject *service, BobbinHttp *http, BobbinHttpRequest *request,
                                       GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
/* Returns: (transfer full): the answer; a JSON null where the body was empty. NULL with *@ret_failure, (transfer full); its
 * certainty is UNSENT, UNKNOWN or, for 4xx, REFUSED. A cancelled call gives NULL without a failure. An answer that is no JSON is
 * BOBBIN_ERROR_PROTOCOL. */
JsonNode *bobbin_json_api_call_finish (GAsyncResult *result, BobbinFailure **ret_failure) G_GNUC_WARN_UNUSED_RESULT;
/* The same, for those who want an error. */
JsonNode *bobbin_json_api_call_propagate (GAsyncResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* A callback for the call that tells of a file: returns its "filename", cleaned, from the GTask that is @user_data, which it takes.
 * The name is in the answer itself or in its "data". */
void      bobbin_json_api_name_cb (GObject *source, GAsyncResult *result, gpointer user_data);

G_END_DECLS
