/*
 * Samba's `check password script`: holds a new password against the domain's complexity rule, which this
 * program replaces, and hands it to the capture service over a local socket.
 *
 *   carillon-hook [configuration file]
 *
 * The password comes on standard input, the names in SAMBA_CPS_ACCOUNT_NAME and SAMBA_CPS_FULL_NAME.
 * Exit 0 lets the change pass. 1: the password breaks the rule. 2: capture is away and the configuration says
 * closed. 3: called wrongly. Samba refuses the change on anything but 0, and kills the program after 10 s, with
 * the directory's write lock held all that time: hence the deadline of our own.
 *
 * Nothing is allocated; the password stays in static memory that is locked, kept out of core dumps and wiped.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>
#include <wctype.h>

enum { PASS = 0, TOO_SIMPLE = 1, AWAY = 2, MISUSED = 3 };
enum { MAX_PASSWORD = 2048, MAX_NAME = 1024, HEADER = 8, MAX_CONFIGURATION = 4096 };

static const char default_configuration[] = "/etc/carillon/hook.conf";
static const char symbols[] = "~!@#$%^&*_-+=`|\\(){}[]:;\"'<>,.?/";
static const char name_delimiters[] = ",.-_# \t";

static struct {
	unsigned char message[HEADER + MAX_NAME + MAX_PASSWORD + 1];
	uint32_t folded[MAX_PASSWORD];
	uint32_t name[MAX_NAME];
} secret;

static struct {
	char socket[sizeof(((struct sockaddr_un *)0)->sun_path)];
	long deadline;
	bool closed;
	bool complexity;
} configuration = { "/run/carillon/hook.sock", 1500, false, true };

static struct timespec started;

/* Samba puts standard error in its log. */
static void say(const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	fputs("carillon-hook: ", stderr);
	vfprintf(stderr, format, arguments);
	fputc('\n', stderr);
	va_end(arguments);
}

static _Noreturn void leave(int code)
{
	explicit_bzero(&secret, sizeof secret);
	_exit(code);
}

static _Noreturn void leave_uncaptured(const char *why)
{
	say("%s; the change is %s", why, configuration.closed ? "refused" : "let through and not captured");
	leave(configuration.closed ? AWAY : PASS);
}

static long milliseconds_left(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	long passed = (now.tv_sec - started.tv_sec) * 1000 + (now.tv_nsec - started.tv_nsec) / 1000000;
	return configuration.deadline > passed ? configuration.deadline - passed : 0;
}

/* False once the deadline has passed. */
static bool await(int descriptor, short events)
{
	struct pollfd waiting = { .fd = descriptor, .events = events };
	for (;;) {
		long left = milliseconds_left();
		if (left == 0)
			return false;
		int ready = poll(&waiting, 1, (int)left);
		if (ready > 0)
			return true;
		if (ready < 0 && errno != EINTR)
			return false;
	}
}

static bool apply_setting(const char *key, const char *value)
{
	if (strcmp(key, "socket") == 0) {
		if (value[0] != '/' || strlen(value) >= sizeof configuration.socket)
			return false;
		strcpy(configuration.socket, value);
		return true;
	}
	if (strcmp(key, "deadline-ms") == 0) {
		char *end;
		long deadline = strtol(value, &end, 10);
		if (*value == '\0' || *end != '\0' || deadline < 50 || deadline > 8000)
			return false;
		configuration.deadline = deadline;
		return true;
	}
	if (strcmp(key, "when-away") == 0) {
		configuration.closed = strcmp(value, "closed") == 0;
		return configuration.closed || strcmp(value, "open") == 0;
	}
	if (strcmp(key, "complexity") == 0) {
		configuration.complexity = strcmp(value, "off") != 0;
		return !configuration.complexity || strcmp(value, "on") == 0;
	}
	return false;
}

static char *trim(char *text)
{
	while (*text == ' ' || *text == '\t')
		text++;
	size_t length = strlen(text);
	while (length > 0 && strchr(" \t\r", text[length - 1]))
		text[--length] = '\0';
	return text;
}

/* A file that another user could have written says nothing: the defaults hold then. */
static void read_configuration(const char *path)
{
	static char text[MAX_CONFIGURATION + 1];
	struct stat status;
	int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY | O_NONBLOCK);
	if (descriptor < 0 || fstat(descriptor, &status) < 0) {
		say("%s cannot be read (%s); the defaults hold", path, strerror(errno));
		return;
	}
	ssize_t length = -1;
	if (S_ISREG(status.st_mode) && status.st_uid == geteuid() && (status.st_mode & 022) == 0)
		length = read(descriptor, text, MAX_CONFIGURATION);
	close(descriptor);
	if (length < 0) {
		say("%s is not a plain file of root's alone; the defaults hold", path);
		return;
	}
	char *rest = text;
	for (char *line; (line = strsep(&rest, "\n")) != NULL;) {
		char *key = trim(line);
		if (*key == '\0' || *key == '#')
			continue;
		char *value = strchr(key, '=');
		if (value != NULL)
			*value++ = '\0';
		if (value == NULL || !apply_setting(trim(key), trim(value)))
			say("%s: \"%s\" is not understood and is left out", path, key);
	}
}

/* Decodes UTF-8 strictly (RFC 3629) into lower-case code points; -1 where the text is none. */
static ssize_t fold(const unsigned char *text, size_t length, uint32_t *folded, size_t room)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	size_t count = 0;
	for (size_t at = 0; at < length;) {
		unsigned char lead = text[at];
		size_t size = lead < 0x80 ? 1 : lead < 0xc2 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : lead < 0xf5 ? 4 : 0;
		if (size == 0 || size > length - at || count == room)
			return -1;
		uint32_t point = size == 1 ? lead : lead & (0x7fU >> size);
		for (size_t i = 1; i < size; i++) {
			if ((text[at + i] & 0xc0) != 0x80)
				return -1;
			point = point << 6 | (text[at + i] & 0x3f);
		}
		if (point < least[size] || point > 0x10ffff || (point >= 0xd800 && point < 0xe000))
			return -1;
		folded[count++] = point;
		at += size;
	}
	return (ssize_t)count;
}

static void lower(uint32_t *points, size_t count)
{
	for (size_t i = 0; i < count; i++)
		points[i] = (uint32_t)towlower((wint_t)points[i]);
}

/* Three of: digits, upper case, lower case, symbols, anything beyond ASCII that has no case. */
static bool is_varied(const uint32_t *points, size_t count)
{
	bool digit = false, upper_case = false, lower_case = false, symbol = false, other = false;
	for (size_t i = 0; i < count; i++) {
		uint32_t point = points[i];
		if (point >= '0' && point <= '9')
			digit = true;
		else if (point < 0x80 && strchr(symbols, (int)point) != NULL)
			symbol = true;
		else if (iswupper((wint_t)point))
			upper_case = true;
		else if (iswlower((wint_t)point))
			lower_case = true;
		else if (point >= 0x80)
			other = true;
	}
	return digit + upper_case + lower_case + symbol + other >= 3;
}

static bool contains(const uint32_t *text, size_t length, const uint32_t *part, size_t part_length)
{
	for (size_t at = 0; at + part_length <= length; at++)
		if (memcmp(text + at, part, part_length * sizeof *part) == 0)
			return true;
	return false;
}

/* Parts of a name below three characters do not count; `delimiters` NULL takes the name whole. */
static bool contains_name(size_t length, const char *name, const char *delimiters)
{
	if (name == NULL)
		return false;
	ssize_t count = fold((const unsigned char *)name, strnlen(name, MAX_NAME), secret.name, MAX_NAME);
	if (count < 0)
		return false;
	lower(secret.name, (size_t)count);
	size_t start = 0;
	for (size_t at = 0; at <= (size_t)count; at++) {
		uint32_t point = at < (size_t)count ? secret.name[at] : 0;
		bool ends = at == (size_t)count ||
			    (delimiters != NULL && point < 0x80 && strchr(delimiters, (int)point) != NULL);
		if (!ends)
			continue;
		if (at - start >= 3 && contains(secret.folded, length, secret.name + start, at - start))
			return true;
		start = at + 1;
	}
	return false;
}

static bool is_complex(const unsigned char *password, size_t length, const char *account)
{
	ssize_t count = fold(password, length, secret.folded, MAX_PASSWORD);
	if (count < 0 || !is_varied(secret.folded, (size_t)count))
		return false;
	lower(secret.folded, (size_t)count);
	return !contains_name((size_t)count, account, NULL) &&
	       !contains_name((size_t)count, getenv("SAMBA_CPS_FULL_NAME"), name_delimiters);
}

/* Bytes read; more than MAX_PASSWORD means that there were more. */
static size_t read_password(unsigned char *password)
{
	size_t length = 0;
	while (length <= MAX_PASSWORD) {
		if (!await(STDIN_FILENO, POLLIN))
			leave_uncaptured("no password came in time");
		ssize_t count = read(STDIN_FILENO, password + length, MAX_PASSWORD + 1 - length);
		if (count == 0)
			break;
		if (count > 0)
			length += (size_t)count;
		else if (errno != EINTR && errno != EAGAIN)
			leave_uncaptured("the password could not be read");
	}
	return length;
}

static int connect_service(void)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	strcpy(address.sun_path, configuration.socket);
	int service = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (service < 0)
		leave_uncaptured("no socket");
	while (connect(service, (struct sockaddr *)&address, sizeof address) < 0) {
		/* EAGAIN: the listener's backlog is full, and poll() cannot wait for that. */
		if ((errno != EAGAIN && errno != EINTR) || milliseconds_left() == 0)
			leave_uncaptured("the capture service is away");
		nanosleep(&(struct timespec){ .tv_nsec = 2000000 }, NULL);
	}
	struct ucred peer;
	socklen_t size = sizeof peer;
	if (getsockopt(service, SOL_SOCKET, SO_PEERCRED, &peer, &size) < 0 || peer.uid != geteuid())
		leave_uncaptured("the capture socket is held by another user");
	return service;
}

static void hand_over(size_t length)
{
	int service = connect_service();
	for (size_t sent = 0; sent < length;) {
		if (!await(service, POLLOUT))
			leave_uncaptured("the capture service does not listen in time");
		ssize_t count = send(service, secret.message + sent, length - sent, MSG_NOSIGNAL);
		if (count > 0)
			sent += (size_t)count;
		else if (errno != EINTR && errno != EAGAIN)
			leave_uncaptured("the capture service hung up");
	}
	unsigned char answer[5];
	for (size_t got = 0; got < sizeof answer;) {
		if (!await(service, POLLIN))
			leave_uncaptured("the capture service does not answer in time");
		ssize_t count = recv(service, answer + got, sizeof answer - got, 0);
		if (count > 0)
			got += (size_t)count;
		else if (count == 0 || (errno != EINTR && errno != EAGAIN))
			leave_uncaptured("the capture service hung up without an answer");
	}
	if (memcmp(answer, "CHA1", 4) != 0 || answer[4] != 0)
		leave_uncaptured("the capture service could not keep the password");
}

int main(int count, char **arguments)
{
	clock_gettime(CLOCK_MONOTONIC, &started);
	setrlimit(RLIMIT_CORE, &(struct rlimit){ 0, 0 });
	prctl(PR_SET_DUMPABLE, 0);
	mlock(&secret, sizeof secret);
	if (count > 2) {
		say("usage: carillon-hook [configuration file]");
		leave(MISUSED);
	}
	read_configuration(count == 2 ? arguments[1] : default_configuration);
	/* Without the locale every letter beyond ASCII counts as one without case. */
	if (setlocale(LC_CTYPE, "C.UTF-8") == NULL)
		setlocale(LC_CTYPE, "C.utf8");

	const char *account = getenv("SAMBA_CPS_ACCOUNT_NAME");
	size_t name = account == NULL ? 0 : strlen(account);
	if (name == 0 || name > MAX_NAME) {
		say("SAMBA_CPS_ACCOUNT_NAME is not set or too long");
		leave(MISUSED);
	}
	unsigned char *password = secret.message + HEADER + name;
	size_t length = read_password(password);
	if (length > MAX_PASSWORD) {
		say("the new password of %s is longer than %d bytes", account, MAX_PASSWORD);
		leave(TOO_SIMPLE);
	}
	if (configuration.complexity && !is_complex(password, length, account)) {
		say("the new password of %s breaks the complexity rule", account);
		leave(TOO_SIMPLE);
	}
	if (length == 0)
		leave_uncaptured("an empty password travels nowhere");

	/* "CHK1", lengths of name and password in network order, name, password. */
	memcpy(secret.message, "CHK1", 4);
	secret.message[4] = (unsigned char)(name >> 8);
	secret.message[5] = (unsigned char)name;
	secret.message[6] = (unsigned char)(length >> 8);
	secret.message[7] = (unsigned char)length;
	memcpy(secret.message + HEADER, account, name);
	hand_over(HEADER + name + length);
	leave(PASS);
}
