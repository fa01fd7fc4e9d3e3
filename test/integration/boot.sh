#!/bin/bash
# Boots this machine's systemd once more, over a copy of the machine's files that is written to memory: run in namespaces of its own
# (unshare -mpnuiC --fork). The argument is a folder to mount it at, which nobody outside sees. What it lacks is told with exit code 77.
set -e
trap 'exit 77' ERR
x=$1
mount -t tmpfs tmpfs "$x"
mkdir "$x/upper" "$x/work" "$x/root"
mount -t overlay overlay -o "lowerdir=/,upperdir=$x/upper,workdir=$x/work" "$x/root"
cd "$x/root"
mount -t proc proc proc
mount -t sysfs sysfs sys
mount -t cgroup2 cgroup2 sys/fs/cgroup
mount -t bpf bpf sys/fs/bpf
for folder in run tmp dev; do mount -t tmpfs tmpfs "$folder"; done
mount --bind "$2" mnt
for device in null zero full random urandom tty; do
  touch "dev/$device"
  mount --bind "/dev/$device" "dev/$device"
done
mkdir dev/shm dev/pts
mount -t devpts -o newinstance,ptmxmode=666 devpts dev/pts
ln -s pts/ptmx dev/ptmx
rm -f etc/machine-id
echo 0123456789abcdef0123456789abcdef >etc/machine-id
printf '[Unit]\nRequires=sysinit.target systemd-journald.service\nAfter=sysinit.target\nAllowIsolate=yes\n' >etc/systemd/system/test.target
mkdir old
mount --make-rprivate /
pivot_root . old
umount -l old
rmdir old
trap - ERR
exec env -i container=lxc PATH=/usr/sbin:/usr/bin:/sbin:/bin /lib/systemd/systemd --unit=test.target --log-target=journal --show-status=0
