package archive

import (
	"bufio"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"

	"stet/internal/news"
)

// maxWindow is the most memory that the window of a zstd frame may ask for, in
// bytes: what "zstd --long=27" makes.
const maxWindow = 128 << 20

// digestEdge is how many bytes at the beginning and at the end of a file go into
// its digest.
const digestEdge = 1 << 20

// Identify gives the digest that names a file when its import goes on: of its
// size and its first and last digestEdge bytes. What is no regular file has none.
func Identify(path string) (d news.Digest, err error) {
	f, err := os.Open(path)
	if err != nil {
		return d, err
	}
	defer f.Close()
	st, err := f.Stat()
	if err != nil || !st.Mode().IsRegular() {
		return d, err
	}
	h := sha256.New()
	h.Write(binary.BigEndian.AppendUint64(nil, uint64(st.Size())))
	for _, from := range []int64{0, max(0, st.Size()-digestEdge)} {
		if _, err := io.Copy(h, io.NewSectionReader(f, from, digestEdge)); err != nil {
			return d, err
		}
	}
	return news.Digest(h.Sum(nil)), nil
}

// A File is a file that is imported, decompressed as it is read.
type File struct {
	f    *os.File
	text io.Reader
	end  func() error
}

// OpenFile opens a file; gzip and zstd are known by how it begins.
func OpenFile(path string) (*File, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	file := &File{f: f, end: func() error { return nil }}
	if err = file.decompress(); err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", path, err), f.Close())
	}
	return file, nil
}

func (f *File) decompress() error {
	in := bufio.NewReaderSize(f.f, 1<<18)
	magic, err := in.Peek(4)
	if err != nil && err != io.EOF {
		return err
	}
	f.text = in
	switch {
	case len(magic) >= 2 && magic[0] == 0x1f && magic[1] == 0x8b:
		z, err := gzip.NewReader(in)
		if err != nil {
			return err
		}
		f.text, f.end = z, z.Close
	case len(magic) == 4 && binary.LittleEndian.Uint32(magic) == 0xfd2fb528:
		z, err := zstd.NewReader(in, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true), zstd.WithDecoderMaxWindow(maxWindow))
		if err != nil {
			return err
		}
		f.text, f.end = z, func() error { z.Close(); return nil }
	}
	return nil
}

// Read gives what is in the file, decompressed.
func (f *File) Read(p []byte) (int, error) { return f.text.Read(p) }

// Close closes the file.
func (f *File) Close() error { return errors.Join(f.end(), f.f.Close()) }
