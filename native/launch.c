/* Programs of others: started without a copy of our memory, our capabilities and our descriptors, and waited for. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/capability.h>
#include <linux/close_range.h>
#include <signal.h>
#include <spawn.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "channel.h"
#include "failure.h"

/* All capabilities, in two words: capget(2). */
#define WORDS _LINUX_CAPABILITY_U32S_3
#define CAPABILITIES (32 * WORDS)
/* Words and variables of a program. */
#define MOST_TEXTS 4096

/* What the calling thread would hand on by exec(2). */
struct legacy {
	struct __user_cap_data_struct held[WORDS];
	uint64_t ambient;
};

static int capabilities(long call, struct __user_cap_data_struct *data)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3, .pid = 0 };

	return syscall(call, &header, data) < 0 ? errno : 0;
}

/* Gives the inheritable ones up: without them there are no ambient ones (capabilities(7)). What the thread itself may do stays. */
static int withhold(struct legacy *legacy)
{
	struct __user_cap_data_struct bare[WORDS];
	int error = capabilities(SYS_capget, legacy->held);

	if (error)
		return error;
	legacy->ambient = 0;
	for (int capability = 0; capability < CAPABILITIES; capability++) {
		if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_IS_SET, capability, 0, 0) == 1)
			legacy->ambient |= UINT64_C(1) << capability;
	}
	memcpy(bare, legacy->held, sizeof(bare));
	for (int word = 0; word < WORDS; word++)
		bare[word].inheritable = 0;
	return capabilities(SYS_capset, bare);
}

static int restore(struct legacy *legacy)
{
	int error = capabilities(SYS_capset, legacy->held);

	for (int capability = 0; !error && capability < CAPABILITIES; capability++) {
		if (!(legacy->ambient >> capability & 1))
			continue;
		if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, capability, 0, 0) < 0)
			error = errno;
	}
	return error;
}

static void free_texts(char **texts)
{
	for (char **text = texts; text && *text; text++)
		free(*text);
	free(texts);
}

/* A list of strings as exec(2) takes it; NULL for anything else. */
static char **texts_of(napi_env env, napi_value list)
{
	uint32_t count;
	char **texts;

	if (napi_get_array_length(env, list, &count) != napi_ok || count > MOST_TEXTS)
		return NULL;
	texts = calloc(count + 1, sizeof(*texts));
	for (uint32_t index = 0; texts && index < count; index++) {
		napi_value value;
		size_t length;

		if (napi_get_element(env, list, index, &value) != napi_ok ||
		    napi_get_value_string_utf8(env, value, NULL, 0, &length) != napi_ok ||
		    !(texts[index] = malloc(length + 1)) ||
		    napi_get_value_string_utf8(env, value, texts[index], length + 1, &length) != napi_ok) {
			free_texts(texts);
			return NULL;
		}
	}
	return texts;
}

/* In a session of its own, with every signal as it is by default. glibc shares our memory with it until it calls exec, and copies no page. */
static int spawn(char **words, char **variables, int input, int output, pid_t *pid)
{
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	sigset_t none, all;
	int error;

	sigemptyset(&none);
	sigfillset(&all);
	posix_spawn_file_actions_init(&actions);
	posix_spawnattr_init(&attributes);
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
	posix_spawnattr_setsigmask(&attributes, &none);
	posix_spawnattr_setsigdefault(&attributes, &all);
	error = posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO);
	if (!error)
		error = posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
	if (!error)
		error = posix_spawn_file_actions_adddup2(&actions, output, STDERR_FILENO);
	if (!error)
		error = posix_spawn_file_actions_addchdir_np(&actions, "/");
	/* Ours are so anyway; others were open when the service was started. Before 5.11 the kernel refuses (EINVAL). */
	syscall(SYS_close_range, 3, UINT_MAX, CLOSE_RANGE_CLOEXEC);
	if (!error)
		error = posix_spawn(pid, words[0], &actions, &attributes, words, variables);
	posix_spawnattr_destroy(&attributes);
	posix_spawn_file_actions_destroy(&actions);
	return error;
}

static int launch(char **words, char **variables, pid_t *pid, int *input, int *output)
{
	int in[2], out[2], error;
	struct legacy legacy;

	if (pipe2(in, O_CLOEXEC) < 0)
		return errno;
	if (pipe2(out, O_CLOEXEC) < 0) {
		error = errno;
		close(in[0]);
		close(in[1]);
		return error;
	}
	error = withhold(&legacy);
	if (!error) {
		int undone;

		error = spawn(words, variables, in[0], out[1], pid);
		undone = restore(&legacy);
		if (!error)
			error = undone;
	}
	close(in[0]);
	close(out[1]);
	*input = in[1];
	*output = out[0];
	if (error) {
		close(in[1]);
		close(out[0]);
	}
	return error;
}

static bool set_number(napi_env env, napi_value object, const char *name, int number)
{
	napi_value value;

	return napi_create_int32(env, number, &value) == napi_ok && napi_set_named_property(env, object, name, value) == napi_ok;
}

/* launch(words, variables): {pid, input, output} */
napi_value launch_start(napi_env env, napi_callback_info info)
{
	char **words = NULL, **variables = NULL;
	napi_value arguments[2], answer = NULL;
	int input = -1, output = -1, error;
	size_t count = 2;
	pid_t pid;

	if (napi_get_cb_info(env, info, &count, arguments, NULL, NULL) == napi_ok && count == 2) {
		words = texts_of(env, arguments[0]);
		variables = texts_of(env, arguments[1]);
	}
	if (!words || !words[0] || !variables) {
		free_texts(words);
		free_texts(variables);
		return failure_misuse(env, "launch(words, variables)");
	}
	error = launch(words, variables, &pid, &input, &output);
	free_texts(words);
	free_texts(variables);
	if (error)
		return failure_throw(env, error, "posix_spawn");
	if (napi_create_object(env, &answer) == napi_ok && set_number(env, answer, "pid", pid) &&
	    set_number(env, answer, "input", input) && set_number(env, answer, "output", output))
		return answer;
	close(input);
	close(output);
	return NULL;
}

/*
 * reap(pid): the status of waitpid(2), or -1 while it runs. Its group is killed before its number can be another's.
 */
napi_value launch_reap(napi_env env, napi_callback_info info)
{
	siginfo_t ended = { .si_pid = 0 };
	napi_value argument, answer;
	int pid, status = -1;
	size_t count = 1;

	if (napi_get_cb_info(env, info, &count, &argument, NULL, NULL) != napi_ok || count < 1 ||
	    napi_get_value_int32(env, argument, &pid) != napi_ok || pid < 2)
		return failure_misuse(env, "reap(pid)");
	if (waitid(P_PID, pid, &ended, WEXITED | WNOHANG | WNOWAIT) < 0)
		return failure_throw(env, errno, "waitid");
	if (ended.si_pid == pid) {
		kill(-pid, SIGKILL);
		if (waitpid(pid, &status, WNOHANG) < 0)
			return failure_throw(env, errno, "waitpid");
	}
	return napi_create_int32(env, status, &answer) == napi_ok ? answer : NULL;
}
