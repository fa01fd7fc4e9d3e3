#!/bin/bash
# Makes a host of its own out of this machine's files and those of scripts/programs, in namespaces of its own (unshare -mpuC --fork): what is
# written there is memory's, and is gone with the first process. Arguments: an empty folder to mount it at, which nobody outside sees; the folder of
# the programs; the repository. Says its first process's number, as it is called outside, and waits for nothing.
set -e
x=$1 programs=$2 repository=$3
read -r self _ </proc/self/stat
mount --make-rprivate /
mount -t tmpfs -o mode=755 tmpfs "$x"
mkdir "$x/upper" "$x/work" "$x/root"
# A layer may not lie in another one, so it is copied: into memory, a tenth of a second.
cp -a "$programs/." "$x/upper"
mount -t overlay overlay -o "lowerdir=/,upperdir=$x/upper,workdir=$x/work" "$x/root"
cd "$x/root"
mount -t proc proc proc
mount -t sysfs sysfs sys
mount -t cgroup2 cgroup2 sys/fs/cgroup # journald asks whose messages are
echo host >proc/sys/kernel/hostname
for folder in run tmp dev; do mount -t tmpfs -o mode=755 tmpfs "$folder"; done
chmod 1777 tmp
for device in null zero full random urandom tty; do
  touch "dev/$device"
  mount --bind "/dev/$device" "dev/$device"
done
mkdir dev/pts dev/shm run/lock run/sshd run/dropset
chmod 1777 dev/shm run/lock
mount -t devpts -o newinstance,ptmxmode=666 devpts dev/pts
ln -s pts/ptmx dev/ptmx
ln -s /proc/self/fd dev/fd
rm -rf var/log etc/dropset var/lib/dropset
mkdir -p -m 755 var/log etc/dropset var/lib/dropset "./$repository"
mount --bind "$repository" "./$repository"

# Who the packages' own scripts would have added.
while IFS=: read -r name number home; do
  grep -q "^$name:" etc/group || echo "$name:x:$number:" >>etc/group
  [ -z "$home" ] || grep -q "^$name:" etc/passwd || echo "$name:x:$number:$number::$home:/usr/sbin/nologin" >>etc/passwd
done <<'END'
sshd:901:/run/sshd
Debian-exim:902:/var/spool/exim4
postfix:903:/var/spool/postfix
postdrop:904:
dovecot:905:/usr/lib/dovecot
dovenull:906:/nonexistent
END
# Who has an account here: alice, whose password is `correct horse`.
echo 'alice:x:1900:1900::/home/alice:/bin/sh' >>etc/passwd
echo 'alice:x:1900:' >>etc/group
echo 'alice:$6$dropset$9HG47G5U9WtdCFi97aXF/UpDZkJt37k6S2kVV7FwUI/x.OQ2vOUdVJhd19n54nrQVFyJv15gJLQgLac62itpZ/:20000:0:99999:7:::' >>etc/shadow
mkdir -p -m 755 home/alice
chown 1900:1900 home/alice

mkdir old
pivot_root . old
umount -l old
rmdir old
cd /
echo "$self"
exec bash -c 'while :; do sleep 3600 & wait $!; done' </dev/null >/dev/null 2>&1
