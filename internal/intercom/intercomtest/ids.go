package intercomtest

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"strconv"
	"time"
)

// ids makes everything that Intercom makes up, from a seed and a counter: equal seeds and equal histories give equal ids.
type ids struct {
	seed uint64
	n    uint64
}

func (i *ids) next() uint64 {
	i.n++
	return i.n
}

// bytes are unlike any other bytes this generator gave.
func (i *ids) bytes() [32]byte {
	var in [16]byte
	binary.BigEndian.PutUint64(in[:8], i.seed)
	binary.BigEndian.PutUint64(in[8:], i.next())
	return sha256.Sum256(in[:])
}

func (i *ids) number(base, step uint64) string {
	return strconv.FormatUint(base+i.seed%1000*1000*step+i.next()*step, 10)
}

func (i *ids) conversation() string { return i.number(215472621202693, 7) }
func (i *ids) part() string         { return i.number(37358198341, 3) }
func (i *ids) source() string       { return i.number(3381828792, 3) }
func (i *ids) admin() string {
	return strconv.FormatUint(9000000+(608799+i.seed*7919+i.next()*13)%1000000, 10)
}
func (i *ids) tag() string { return strconv.FormatUint(2525085+i.next(), 10) }
func (i *ids) small() int  { return int(i.next()) }

// contact ids begin with the second in which they were made, as Intercom's do.
func (i *ids) contact(at time.Time) string {
	b := i.bytes()
	return fmt.Sprintf("%08x%s", uint32(at.Unix()), hex.EncodeToString(b[:8]))
}

func (i *ids) uuid() string {
	b := i.bytes()
	b[6] = b[6]&0x0f | 0x40
	b[8] = b[8]&0x3f | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[0:4], b[4:6], b[6:8], b[8:10], b[10:16])
}

// code is an OAuth code. 20 bytes in base64 end in "=", so a client that forgets to decode the query fails here too.
func (i *ids) code() string {
	b := i.bytes()
	return base64.StdEncoding.EncodeToString(b[:20])
}

func (i *ids) token() string {
	return base64.StdEncoding.EncodeToString([]byte("tok:" + i.uuid() + ":1:0"))
}

func (i *ids) card() string { return i.uuid() }
