package main

import "golang.org/x/sys/unix"

// freeSpace is how many bytes an ordinary user may still write where dir is.
func freeSpace(dir string) (uint64, error) {
	var st unix.Statfs_t
	if err := unix.Statfs(dir, &st); err != nil {
		return 0, err
	}
	return uint64(st.Bavail) * uint64(st.Bsize), nil
}
