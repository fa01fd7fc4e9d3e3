/* Unix datagram sockets that others write to, as syslog's: Node's own net and dgram have none. Read by listen(). */
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "channel.h"
#include "failure.h"

/* Reads a path; false, with something thrown, for what is none that an address has room for. */
static bool path_of(napi_env env, napi_value value, struct sockaddr_un *address)
{
	size_t length;

	*address = (struct sockaddr_un){ .sun_family = AF_UNIX };
	if (napi_get_value_string_utf8(env, value, NULL, 0, &length) != napi_ok || length == 0) {
		failure_misuse(env, "the path must be a string that is not empty");
		return false;
	}
	if (length >= sizeof(address->sun_path)) {
		failure_throw(env, ENAMETOOLONG, "bind");
		return false;
	}
	/* An embedded NUL would cut the path, a leading one would be an abstract address. */
	napi_get_value_string_utf8(env, value, address->sun_path, sizeof(address->sun_path), &length);
	if (strlen(address->sun_path) != length) {
		failure_misuse(env, "the path must not have a NUL");
		return false;
	}
	return true;
}

static int open_socket(void)
{
	return socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
}

napi_value datagram_bind(napi_env env, napi_callback_info info)
{
	napi_value argv[1];
	size_t argc = 1;
	struct sockaddr_un address;
	int fd, number;

	if (napi_get_cb_info(env, info, &argc, argv, NULL, NULL) != napi_ok || argc < 1)
		return failure_misuse(env, "bindDatagram(path)");
	if (!path_of(env, argv[0], &address))
		return NULL;
	fd = open_socket();
	if (fd < 0)
		return failure_throw(env, errno, "socket");
	/* Before the path is there, so that nobody writes to it until its mode is set. */
	if (fchmod(fd, S_IRUSR | S_IWUSR) < 0 || bind(fd, (struct sockaddr *)&address, sizeof(address)) < 0) {
		number = errno;
		close(fd);
		return failure_throw(env, number, "bind");
	}
	return channel_wrap(env, fd);
}

napi_value datagram_probe(napi_env env, napi_callback_info info)
{
	napi_value argv[1];
	size_t argc = 1;
	struct sockaddr_un address;
	int fd, number = 0;

	if (napi_get_cb_info(env, info, &argc, argv, NULL, NULL) != napi_ok || argc < 1)
		return failure_misuse(env, "probeDatagram(path)");
	if (!path_of(env, argv[0], &address))
		return NULL;
	fd = open_socket();
	if (fd < 0)
		return failure_throw(env, errno, "socket");
	if (connect(fd, (struct sockaddr *)&address, sizeof(address)) < 0)
		number = errno;
	close(fd);
	return number ? failure_throw(env, number, "connect") : NULL;
}
