# The plain tools that scripts around a training use.
set -e
cd /tmp
seq 100000 | sort -rn > numbers
cp -a numbers copy
mv copy moved
ln -s moved pointer
tar -cf all.tar numbers moved pointer
mkdir apart
tar -xf all.tar -C apart
cp -r apart again
gzip -k numbers
sed -i s/1/2/ moved
touch -d yesterday moved
chmod 600 moved
truncate -s 10 moved
flock moved ls -l > /dev/null
timeout 5 sleep 0.1
find apart -type f | sort | xargs -n 1 wc -l
df /tmp > /dev/null
stat -f /tmp > /dev/null
du -s . > /dev/null
sync moved
rm -r apart again
umask 077
sleep 100 & kill $!
trap : USR1
sleep 0.1 & wait
