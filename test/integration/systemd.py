"""Plays systemd's part for one service: its notification socket, its descriptor store, and passing what is stored to the next start.

Arguments: the socket's address, then the service's command. Orders come as lines of JSON, and so do answers.
"""
import array, json, os, select, signal, socket, sys

address, command = sys.argv[1], sys.argv[2:]
manager = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
manager.bind("\0" + address[1:] if address.startswith("@") else address)
stored = {}
service = None


def say(**words):
    print(json.dumps(words), flush=True)


def start():
    pid = os.fork()
    if pid:
        return pid
    os.dup2(2, 1)
    for number, descriptor in enumerate(stored.values()):
        os.dup2(descriptor, 3 + number)
        os.set_inheritable(3 + number, True)
    environment = dict(os.environ, NOTIFY_SOCKET=address, WATCHDOG_USEC="400000", WATCHDOG_PID=str(os.getpid()))
    if stored:
        environment.update(LISTEN_PID=str(os.getpid()), LISTEN_FDS=str(len(stored)), LISTEN_FDNAMES=":".join(stored))
    os.execve(command[0], command, environment)


def hear():
    text, control, _, _ = manager.recvmsg(4096, socket.CMSG_SPACE(4 * 8))
    words = dict(line.split("=", 1) for line in text.decode().split("\n") if line)
    for level, kind, content in control:
        if (level, kind) == (socket.SOL_SOCKET, socket.SCM_RIGHTS):
            got = array.array("i", content[: len(content) // 4 * 4])
            if words.get("FDNAME") in stored:
                os.close(stored[words["FDNAME"]])
            stored[words.get("FDNAME", "stored")] = got[0]
    if "FDSTOREREMOVE" in words and words.get("FDNAME") in stored:
        os.close(stored.pop(words["FDNAME"]))
    say(told=words, stored=list(stored))


while True:
    ready, _, _ = select.select([manager, sys.stdin], [], [], 0.05)
    if manager in ready:
        hear()
    if service and (ended := os.waitpid(service, os.WNOHANG))[0]:
        service = None
        say(ended=os.waitstatus_to_exitcode(ended[1]))
    if sys.stdin in ready:
        order = os.read(0, 4096).decode().strip()
        if order == "":
            if service:
                os.kill(service, signal.SIGKILL)
            sys.exit()
        if order == "start":
            service = start()
        elif order == "drop":
            for descriptor in stored.values():
                os.close(descriptor)
            stored.clear()
        elif service:
            os.kill(service, getattr(signal, order))
