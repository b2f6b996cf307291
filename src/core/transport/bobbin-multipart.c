#define G_LOG_DOMAIN "bobbin-transport"
#include "config.h"
#include "transport/bobbin-multipart.h"

#include "model/bobbin-attachment.h"

/* As browsers write names: quotes and line ends percent-encoded, everything else as it is. */
static void
append_quoted (GString    *out,
               const char *text)
{
  g_string_append_c (out, '"');
  for (const char *p = text; *p != '\0'; p++)
    switch (*p)
      {
      case '"':
        g_string_append (out, "%22");
        break;
      case '\r':
        g_string_append (out, "%0D");
        break;
      case '\n':
        g_string_append (out, "%0A");
        break;
      default:
        g_string_append_c (out, *p);
      }
  g_string_append_c (out, '"');
}

/* A type comes from the system's table or from an import: what is no type must not end the header. */
static const char *
safe_type (const char *type)
{
  if (type == NULL || *type == '\0')
    return "application/octet-stream";
  for (const char *p = type; *p != '\0'; p++)
    if (*p < 0x21 || *p == 0x7f)
      return "application/octet-stream";

  return type;
}

static void
begin_part (GString    *out,
            const char *boundary,
            const char *name)
{
  g_string_append_printf (out, "--%s\r\nContent-Disposition: form-data; name=", boundary);
  append_quoted (out, name);
}

BobbinBodyStream *
bobbin_multipart_new (const char *const *fields,
                      const char        *file_field,
                      BobbinAttachment  *attachment,
                      const char        *content_type,
                      char             **ret_content_type)
{
  g_autofree char *unique = g_uuid_string_random ();
  g_autofree char *boundary = g_strconcat ("bobbin-", unique, NULL);
  g_autofree char *end = g_strdup_printf ("\r\n--%s--\r\n", boundary);
  g_autoptr(GString) head = g_string_new (NULL);
  const char *name;
  BobbinBodyStream *body;

  g_return_val_if_fail (BOBBIN_IS_ATTACHMENT (attachment), NULL);

  name = bobbin_attachment_get_name (attachment);
  for (guint i = 0; fields != NULL && fields[i] != NULL && fields[i + 1] != NULL; i += 2)
    {
      begin_part (head, boundary, fields[i]);
      g_string_append_printf (head, "\r\n\r\n%s\r\n", fields[i + 1]);
    }
  begin_part (head, boundary, file_field);
  g_string_append (head, "; filename=");
  append_quoted (head, name);
  g_string_append_printf (head, "\r\nContent-Type: %s\r\n\r\n",
                          safe_type (content_type != NULL ? content_type : bobbin_attachment_get_content_type (attachment)));

  body = bobbin_body_stream_new ();
  bobbin_body_stream_append_text (body, head->str, (gssize) head->len);
  bobbin_body_stream_append_raw_file (body, bobbin_attachment_get_path (attachment), name, bobbin_attachment_get_size (attachment));
  bobbin_body_stream_append_text (body, end, -1);
  *ret_content_type = g_strconcat ("multipart/form-data; boundary=", boundary, NULL);

  return body;
}
