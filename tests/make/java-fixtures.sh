#!/bin/sh
# Compiles the classes that the tests read, with names of variables and without. Debian: default-jdk-headless.
set -eu
cd "$(dirname "$0")/../fixtures/java"
rm -rf ./*.class
out=$(mktemp -d)
for form in named:-g,-parameters bare:-g:none; do
  options=$(echo "${form#*:}" | tr ',' ' ')
  # shellcheck disable=SC2086
  javac --release 11 $options -d "$out" ../../make/java/Shapes.java
  cp "$out/example/Shapes.class" "Shapes-${form%%:*}.class"
done
cp "$out/example/Shapes\$Login.class" Login.class
javac --release 11 -g -d "$out" ../../make/java/Calls.java
cp "$out/example/Calls.class" Calls.class
rm -r "$out"
