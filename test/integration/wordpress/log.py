# A log daemon at /dev/log, in a mount namespace of its own: runs a command, and prints every message that came meanwhile, as JSON.
import json, os, socket, subprocess, sys

subprocess.run(['mount', '-t', 'tmpfs', 'none', '/dev'], check=True)
for name, major, minor in (('null', 1, 3), ('urandom', 1, 9), ('random', 1, 8)):
    os.mknod(f'/dev/{name}', 0o20666, os.makedev(major, minor))
log = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
log.bind('/dev/log')
answer = subprocess.run(sys.argv[1:], stdin=sys.stdin, stdout=subprocess.PIPE, check=True).stdout.decode()
log.setblocking(False)
messages = []
while True:
    try:
        messages.append(log.recv(65536).decode('latin1'))
    except BlockingIOError:
        break
print(json.dumps({'answer': answer, 'messages': messages}))
