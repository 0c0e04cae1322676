/*
 * The floor: what the kernel alone costs for one request on one connection.
 *
 * epoll, one read, one write per request, no parsing. Every server is compared with it, in the
 * same run. Five modes:
 *
 *   floor PORT canned            answer every read with a canned 135-byte response
 *   floor PORT mib               write a response with a body of 1 MiB from memory
 *   floor PORT sendfile FILE     the same head, the body sent with sendfile(2)
 *   floor PORT upload            read a request body of 1 MiB, then answer the canned response
 *   floor PORT stream            a head, then 16 chunks of 4 KiB, one write each
 *
 * A read is taken to hold a whole request head, and (except in upload mode) a whole request:
 * true for wrk on loopback, and good enough for a yardstick. Not a server for anything else.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#define MIB (1024 * 1024)
#define CHUNK 4096
#define CHUNKS 16
#define MAX_FD 65536

enum mode { CANNED, MIB_BODY, SENDFILE, UPLOAD, STREAM };

struct conn {
    size_t to_read; /* bytes of a request body still to come */
    size_t sent;    /* bytes of the current response already written */
    int writing;    /* a response is under way and waits for room */
};

static const char canned[] =
    "HTTP/1.1 200 OK\r\n"
    "content-length: 13\r\n"
    "connection: keep-alive\r\n"
    "content-type: text/plain; charset=utf-8\r\n"
    "server: canned/1\r\n\r\n"
    "Hello, World!";
_Static_assert(sizeof canned - 1 == 135, "the canned answer is 135 bytes");

static const char mib_head[] =
    "HTTP/1.1 200 OK\r\n"
    "content-length: 1048576\r\n"
    "connection: keep-alive\r\n"
    "content-type: application/octet-stream\r\n\r\n";

static const char stream_head[] =
    "HTTP/1.1 200 OK\r\n"
    "transfer-encoding: chunked\r\n"
    "connection: keep-alive\r\n"
    "content-type: text/plain; charset=utf-8\r\n\r\n";

static struct conn conns[MAX_FD];
static char buffer[256 * 1024];
static char *big;
static size_t big_len;
static int file_fd = -1;
static enum mode mode;
static int epoll_fd;

static void die(const char *what)
{
    perror(what);
    exit(1);
}

static void watch(int fd, uint32_t events)
{
    struct epoll_event ev = {.events = events, .data.fd = fd};
    if (epoll_ctl(epoll_fd, EPOLL_CTL_MOD, fd, &ev) < 0)
        die("epoll_ctl");
}

static void drop(int fd)
{
    close(fd); /* leaves the epoll set by itself */
}

/* Push a big response as far as the socket takes it. Returns -1 when the connection is gone. */
static int push(int fd)
{
    struct conn *c = &conns[fd];
    size_t head = mode == SENDFILE ? sizeof mib_head - 1 : 0;
    size_t total = mode == SENDFILE ? head + MIB : big_len;
    while (c->sent < total) {
        ssize_t n;
        if (mode != SENDFILE) {
            n = write(fd, big + c->sent, total - c->sent);
        } else if (c->sent < head) {
            n = send(fd, mib_head + c->sent, head - c->sent, MSG_MORE);
        } else {
            off_t offset = (off_t)(c->sent - head);
            n = sendfile(fd, file_fd, &offset, total - c->sent);
        }
        if (n < 0 && errno == EAGAIN) {
            if (!c->writing)
                watch(fd, EPOLLOUT);
            c->writing = 1;
            return 0;
        }
        if (n <= 0)
            return -1;
        c->sent += (size_t)n;
    }
    c->sent = 0;
    if (c->writing)
        watch(fd, EPOLLIN);
    c->writing = 0;
    return 0;
}

static int answer_canned(int fd)
{
    return write(fd, canned, sizeof canned - 1) == sizeof canned - 1 ? 0 : -1;
}

/* One write for the head and one for each chunk, as a handler that sends 16 times would. */
static int answer_stream(int fd)
{
    static char chunk[CHUNK + 8];
    static size_t len;
    if (!len) {
        len = (size_t)sprintf(chunk, "%x\r\n", CHUNK);
        memset(chunk + len, 'x', CHUNK);
        len += CHUNK;
        memcpy(chunk + len, "\r\n", 2);
        len += 2;
    }
    if (write(fd, stream_head, sizeof stream_head - 1) != sizeof stream_head - 1)
        return -1;
    for (int i = 0; i < CHUNKS; i++)
        if (write(fd, chunk, len) != (ssize_t)len)
            return -1;
    return write(fd, "0\r\n\r\n", 5) == 5 ? 0 : -1;
}

/* Take in a body of exactly 1 MiB; answer when it is complete. */
static int take_upload(int fd, size_t n)
{
    struct conn *c = &conns[fd];
    if (!c->to_read) {
        char *end = memmem(buffer, n, "\r\n\r\n", 4);
        if (!end)
            return -1;
        c->to_read = MIB;
        n -= (size_t)(end + 4 - buffer);
        if (!n)
            return 0;
    }
    if (n > c->to_read)
        return -1;
    c->to_read -= n;
    return c->to_read ? 0 : answer_canned(fd);
}

static int on_readable(int fd)
{
    ssize_t n = read(fd, buffer, sizeof buffer);
    if (n < 0 && errno == EAGAIN)
        return 0;
    if (n <= 0)
        return -1;
    if (mode == CANNED)
        return answer_canned(fd);
    if (mode == UPLOAD)
        return take_upload(fd, (size_t)n);
    if (mode == STREAM)
        return answer_stream(fd);
    return push(fd);
}

static void on_connect(int listener)
{
    for (;;) {
        int one = 1;
        int fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (fd < 0)
            return;
        if (fd >= MAX_FD) {
            close(fd);
            return;
        }
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
        memset(&conns[fd], 0, sizeof conns[fd]);
        struct epoll_event ev = {.events = EPOLLIN, .data.fd = fd};
        if (epoll_ctl(epoll_fd, EPOLL_CTL_ADD, fd, &ev) < 0)
            die("epoll_ctl");
    }
}

static int listen_on(int port)
{
    int one = 1;
    struct sockaddr_in addr = {.sin_family = AF_INET,
                               .sin_port = htons((uint16_t)port),
                               .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0)
        die("socket");
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (bind(fd, (struct sockaddr *)&addr, sizeof addr) < 0)
        die("bind");
    if (listen(fd, 1024) < 0)
        die("listen");
    return fd;
}

static void set_mode(int argc, char **argv)
{
    const char *name = argc > 2 ? argv[2] : "canned";
    if (!strcmp(name, "canned")) {
        mode = CANNED;
    } else if (!strcmp(name, "mib")) {
        mode = MIB_BODY;
        big_len = sizeof mib_head - 1 + MIB;
        big = malloc(big_len);
        if (!big)
            die("malloc");
        memcpy(big, mib_head, sizeof mib_head - 1);
        memset(big + sizeof mib_head - 1, 'x', MIB);
    } else if (!strcmp(name, "sendfile") && argc > 3) {
        struct stat st;
        mode = SENDFILE;
        file_fd = open(argv[3], O_RDONLY | O_CLOEXEC);
        if (file_fd < 0 || fstat(file_fd, &st) < 0 || st.st_size != MIB)
            die("a file of exactly 1 MiB is needed");
    } else if (!strcmp(name, "upload")) {
        mode = UPLOAD;
    } else if (!strcmp(name, "stream")) {
        mode = STREAM;
    } else {
        fprintf(stderr, "floor PORT canned|mib|sendfile FILE|upload|stream\n");
        exit(2);
    }
}

int main(int argc, char **argv)
{
    struct epoll_event events[256];
    if (argc < 2)
        return 2;
    set_mode(argc, argv);
    signal(SIGPIPE, SIG_IGN); /* a peer that goes away in the middle of a response */
    int listener = listen_on(atoi(argv[1]));
    epoll_fd = epoll_create1(EPOLL_CLOEXEC);
    struct epoll_event ev = {.events = EPOLLIN, .data.fd = listener};
    epoll_ctl(epoll_fd, EPOLL_CTL_ADD, listener, &ev);
    for (;;) {
        int n = epoll_wait(epoll_fd, events, 256, -1);
        for (int i = 0; i < n; i++) {
            int fd = events[i].data.fd;
            int gone;
            if (fd == listener) {
                on_connect(listener);
                continue;
            }
            gone = events[i].events & EPOLLOUT ? push(fd) : on_readable(fd);
            if (gone < 0)
                drop(fd);
        }
    }
}
