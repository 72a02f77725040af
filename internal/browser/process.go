package browser

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"time"

	cdpbrowser "github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/chromedp"

	"stet/internal/crawl"
)

// find gives the path of Chromium.
func find(path string) (string, error) {
	if path != "" {
		found, err := exec.LookPath(path)
		if err != nil {
			return "", fmt.Errorf("find Chromium: %w", err)
		}
		return found, nil
	}
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable"} {
		if found, err := exec.LookPath(name); err == nil {
			return found, nil
		}
	}
	return "", errors.New("find Chromium: neither chromium nor google-chrome is in PATH; install the package chromium, or name the program")
}

// A process is one running Chromium.
type process struct {
	ctx     context.Context // ends with Chromium
	end     context.CancelFunc
	free    context.CancelFunc // of the allocator
	wall    *crawl.Proxy       // where requests that belong to no page end
	home    string
	product string      // "Chrome/156.0.0.0"
	pages   int         // shown or being shown; owned by Browser.mu
	open    int         // being shown; owned by Browser.mu
	idle    *time.Timer // since nothing is shown; nil before; owned by Browser.mu
}

// process gives the running Chromium, or starts one, and counts the caller as
// one of its pages. The error is that of ctx, or that it does not start.
func (b *Browser) process(ctx context.Context) (*process, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.closed {
		return nil, ErrClosed
	}
	if p := b.running; p != nil && (p.ctx.Err() != nil || p.pages >= Recycle && p.open == 0) {
		p.stop()
		b.running = nil
	}
	if b.running == nil {
		p, err := b.start(ctx)
		if err != nil {
			return nil, fmt.Errorf("start Chromium: %w", err)
		}
		b.running = p
	}
	if b.running.idle != nil {
		b.running.idle.Stop()
	}
	b.running.pages++
	b.running.open++
	return b.running, nil
}

// leave takes a page off the count. After the last one Chromium is ended,
// unless another comes in time.
func (b *Browser) leave(p *process) {
	b.mu.Lock()
	defer b.mu.Unlock()
	p.open--
	if p.open == 0 {
		p.idle = time.AfterFunc(b.limits.idle, func() { b.retire(p) })
	}
}

// retire ends a Chromium that shows nothing.
func (b *Browser) retire(p *process) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.running == p && p.open == 0 {
		p.stop()
		b.running = nil
	}
}

// start starts Chromium. Its own home and profile are temporary, the settings
// of our account are not its business, nor is our environment.
func (b *Browser) start(ctx context.Context) (*process, error) {
	home, err := os.MkdirTemp("", "stet-")
	if err != nil {
		return nil, err
	}
	p := &process{home: home}
	if p.wall, err = b.client.OpenProxy(crawl.ProxyLimits{Bytes: 1, Requests: 1}); err != nil {
		os.RemoveAll(home)
		return nil, err
	}
	var said saying
	options := append(b.options(p.wall.Address()), chromedp.ExecPath(b.path), chromedp.CombinedOutput(&said),
		chromedp.NoInheritEnv, chromedp.Env("HOME="+home, "TMPDIR="+roomy(home, os.TempDir()), "PATH="+os.Getenv("PATH"), "LANG=C.UTF-8"))
	var allocator context.Context
	allocator, p.free = chromedp.NewExecAllocator(context.Background(), options...)
	var cancel context.CancelFunc
	allocator, cancel = context.WithCancel(allocator)
	p.ctx, p.end = chromedp.NewContext(allocator, chromedp.WithErrorf(b.complain), chromedp.WithLogf(b.complain))
	defer context.AfterFunc(ctx, cancel)()
	timer := time.AfterFunc(StartTimeout, cancel)
	defer timer.Stop()
	version, err := ask(p.ctx)
	if err != nil {
		p.stop()
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		what, _, _ := strings.Cut(err.Error(), "\n") // what follows is all that it printed
		return nil, fmt.Errorf("%s: %s %s", b.path, what, said.reason())
	}
	p.product = version
	return p, nil
}

// maxTemp is the longest folder for temporary files in which Chromium can still
// name its socket, "org.chromium.Chromium.abcdef/SingletonSocket": some systems
// end such names after 103 bytes.
const maxTemp = 103 - 45

// roomy gives the first folder, or the second where the first is too long.
func roomy(dir, second string) string {
	if len(dir) > maxTemp {
		return second
	}
	return dir
}

// ask starts the browser of the context and asks for its name.
func ask(ctx context.Context) (string, error) {
	v, err := chromedp.CallBrowser(ctx, cdpbrowser.GetVersion, cdp.Empty{})
	return v.Product, err
}

func (b *Browser) complain(format string, args ...any) {
	b.log.Debug("chromium", "says", fmt.Sprintf(format, args...))
}

// options are the flags of Chromium. Requests that belong to no page of ours
// meet a proxy whose password nobody has.
func (b *Browser) options(wall string) []chromedp.ExecAllocatorOption {
	flags := []string{
		"headless", "no-first-run", "no-default-browser-check", "hide-scrollbars", "mute-audio", "disable-gpu",
		// Nothing of its own: no updates, reports, sync, guesses or extensions.
		"disable-background-networking", "disable-breakpad", "disable-client-side-phishing-detection",
		"disable-component-update", "disable-crash-reporter", "disable-default-apps", "disable-domain-reliability",
		"disable-extensions", "disable-sync", "metrics-recording-only", "no-pings", "no-service-autorun",
		"password-store=basic", "use-mock-keychain",
		"disable-features=Translate,OptimizationHints,MediaRouter,DialMediaRouteProvider,HttpsUpgrades,Prerender2," +
			"AutofillServerCommunication,CertificateTransparencyComponentUpdater,InterestFeedContentSuggestions",
		// No way around the proxy, not even to loopback.
		"proxy-server=http://" + wall, "proxy-bypass-list=<-loopback>",
		"host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
		"disable-quic", "dns-prefetch-disable",
		"webrtc-ip-handling-policy=disable_non_proxied_udp", "force-webrtc-ip-handling-policy=disable_non_proxied_udp",
		// Nobody is there to be asked, and a page behind another one is as alive.
		"disable-notifications", "deny-permission-prompts", "disable-renderer-backgrounding",
		"disable-backgrounding-occluded-windows", "disable-background-timer-throttling",
		// The same pixels everywhere, memory within bounds, /dev/shm may be small.
		"force-color-profile=srgb", "lang=en-US", "disable-dev-shm-usage", "js-flags=--max-old-space-size=512",
		"user-agent=" + b.client.UserAgent(),
	}
	if asRoot() {
		flags = append(flags, "no-sandbox") // or it does not start at all
	}
	var options []chromedp.ExecAllocatorOption
	for _, flag := range append(flags, b.flags...) {
		name, value, ok := strings.Cut(flag, "=")
		if ok {
			options = append(options, chromedp.Flag(name, value))
		} else {
			options = append(options, chromedp.Flag(name, true))
		}
	}
	return options
}

// stop ends Chromium, first by asking, and removes what it left.
func (p *process) stop() {
	if p.ctx.Err() == nil {
		ctx, cancel := context.WithTimeout(p.ctx, CloseTimeout)
		chromedp.Cancel(ctx) // when it does not listen, what follows ends it
		cancel()
	}
	p.end()
	p.free()
	p.wall.Close()
	os.RemoveAll(p.home)
}
