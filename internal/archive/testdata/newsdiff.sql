--
-- PostgreSQL database dump
--

\restrict fi34DUw3OeU4ntEGQYbopoSp2BabG7lRe5YfG3tesokwnBkfR6hO7ippkyPdXji

-- Dumped from database version 15.18 (Debian 15.18-0+deb12u1)
-- Dumped by pg_dump version 15.18 (Debian 15.18-0+deb12u1)

SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;

--
-- Name: f(); Type: FUNCTION; Schema: public; Owner: postgres
--

CREATE FUNCTION public.f() RETURNS integer
    LANGUAGE sql
    AS $$ SELECT 1; -- INSERT INTO versions VALUES (1); it''s $$;


ALTER FUNCTION public.f() OWNER TO postgres;

SET default_tablespace = '';

SET default_table_access_method = heap;

--
-- Name: articles; Type: TABLE; Schema: public; Owner: postgres
--

CREATE TABLE public.articles (
    id integer NOT NULL,
    feed_id integer NOT NULL,
    url text NOT NULL,
    first_seen_at timestamp with time zone DEFAULT now() NOT NULL,
    last_checked_at timestamp with time zone,
    last_changed_at timestamp with time zone,
    check_count integer DEFAULT 0 NOT NULL,
    is_live_blog boolean DEFAULT false NOT NULL
);


ALTER TABLE public.articles OWNER TO postgres;

--
-- Name: articles_id_seq; Type: SEQUENCE; Schema: public; Owner: postgres
--

CREATE SEQUENCE public.articles_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;


ALTER TABLE public.articles_id_seq OWNER TO postgres;

--
-- Name: articles_id_seq; Type: SEQUENCE OWNED BY; Schema: public; Owner: postgres
--

ALTER SEQUENCE public.articles_id_seq OWNED BY public.articles.id;


--
-- Name: diffs; Type: TABLE; Schema: public; Owner: postgres
--

CREATE TABLE public.diffs (
    id integer NOT NULL,
    article_id integer NOT NULL,
    old_version_id integer NOT NULL,
    new_version_id integer NOT NULL,
    title_changed boolean DEFAULT false NOT NULL,
    diff_html text NOT NULL
);


ALTER TABLE public.diffs OWNER TO postgres;

--
-- Name: diffs_id_seq; Type: SEQUENCE; Schema: public; Owner: postgres
--

CREATE SEQUENCE public.diffs_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;


ALTER TABLE public.diffs_id_seq OWNER TO postgres;

--
-- Name: diffs_id_seq; Type: SEQUENCE OWNED BY; Schema: public; Owner: postgres
--

ALTER SEQUENCE public.diffs_id_seq OWNED BY public.diffs.id;


--
-- Name: feeds; Type: TABLE; Schema: public; Owner: postgres
--

CREATE TABLE public.feeds (
    id integer NOT NULL,
    name text NOT NULL,
    url text NOT NULL,
    site_name text,
    check_interval integer DEFAULT 5 NOT NULL,
    is_active boolean DEFAULT true NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL
);


ALTER TABLE public.feeds OWNER TO postgres;

--
-- Name: feeds_id_seq; Type: SEQUENCE; Schema: public; Owner: postgres
--

CREATE SEQUENCE public.feeds_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;


ALTER TABLE public.feeds_id_seq OWNER TO postgres;

--
-- Name: feeds_id_seq; Type: SEQUENCE OWNED BY; Schema: public; Owner: postgres
--

ALTER SEQUENCE public.feeds_id_seq OWNED BY public.feeds.id;


--
-- Name: versions; Type: TABLE; Schema: public; Owner: postgres
--

CREATE TABLE public.versions (
    id integer NOT NULL,
    article_id integer NOT NULL,
    title text,
    byline text,
    content_text text NOT NULL,
    content_hash text NOT NULL,
    version_number integer NOT NULL,
    archive_url text,
    created_at timestamp with time zone DEFAULT now() NOT NULL
);


ALTER TABLE public.versions OWNER TO postgres;

--
-- Name: versions_id_seq; Type: SEQUENCE; Schema: public; Owner: postgres
--

CREATE SEQUENCE public.versions_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;


ALTER TABLE public.versions_id_seq OWNER TO postgres;

--
-- Name: versions_id_seq; Type: SEQUENCE OWNED BY; Schema: public; Owner: postgres
--

ALTER SEQUENCE public.versions_id_seq OWNED BY public.versions.id;


--
-- Name: articles id; Type: DEFAULT; Schema: public; Owner: postgres
--

ALTER TABLE ONLY public.articles ALTER COLUMN id SET DEFAULT nextval('public.articles_id_seq'::regclass);


--
-- Name: diffs id; Type: DEFAULT; Schema: public; Owner: postgres
--

ALTER TABLE ONLY public.diffs ALTER COLUMN id SET DEFAULT nextval('public.diffs_id_seq'::regclass);


--
-- Name: feeds id; Type: DEFAULT; Schema: public; Owner: postgres
--

ALTER TABLE ONLY public.feeds ALTER COLUMN id SET DEFAULT nextval('public.feeds_id_seq'::regclass);


--
-- Name: versions id; Type: DEFAULT; Schema: public; Owner: postgres
--

ALTER TABLE ONLY public.versions ALTER COLUMN id SET DEFAULT nextval('public.versions_id_seq'::regclass);


--
-- Data for Name: articles; Type: TABLE DATA; Schema: public; Owner: postgres
--

COPY public.articles (id, feed_id, url, first_seen_at, last_checked_at, last_changed_at, check_count, is_live_blog) FROM stdin;
5	1	https://herald.example.org/a/5	2026-03-01 10:00:00+00	2026-03-02 10:00:00.5+00	\N	0	f
6	2	https://post.example.org/b/6	2026-03-01 11:00:00+00	\N	\N	0	f
7	2	https://post.example.org/b/7	2026-03-01 11:00:00+00	\N	\N	0	f
\.


--
-- Data for Name: diffs; Type: TABLE DATA; Schema: public; Owner: postgres
--

COPY public.diffs (id, article_id, old_version_id, new_version_id, title_changed, diff_html) FROM stdin;
1	5	21	23	t	<del>x</del>
\.


--
-- Data for Name: feeds; Type: TABLE DATA; Schema: public; Owner: postgres
--

COPY public.feeds (id, name, url, site_name, check_interval, is_active, created_at) FROM stdin;
1	Herald - home	https://herald.example.org/feed	The Herald	5	t	2026-11-23 06:16:22.668122+00
2	Post	https://post.example.org/rss	\N	5	t	2026-11-23 06:16:22.668122+00
\.


--
-- Data for Name: versions; Type: TABLE DATA; Schema: public; Owner: postgres
--

COPY public.versions (id, article_id, title, byline, content_text, content_hash, version_number, archive_url, created_at) FROM stdin;
21	5	Mayor opens pool	Ann Writer	The mayor opened the pool.\n\nShe swam "two" lengths\\laps.\tWell.	h1	1	\N	2026-03-01 10:00:00.123456+00
22	6	\N	\N	Only one version.	h2	1	https://archive.example.org/web/1/x	2026-03-01 11:00:00+00
23	5	Mayor opens new pool	Ann Writer	The mayor opened the new pool.\n\nShe swam three lengths.	h3	2	https://archive.example.org/web/2/x	2026-03-01 15:00:00+00
24	7	\\.	-	\\.	h4	1	\N	2026-03-01 11:00:00+00
\.


--
-- Name: articles_id_seq; Type: SEQUENCE SET; Schema: public; Owner: postgres
--

SELECT pg_catalog.setval('public.articles_id_seq', 1, false);


--
-- Name: diffs_id_seq; Type: SEQUENCE SET; Schema: public; Owner: postgres
--

SELECT pg_catalog.setval('public.diffs_id_seq', 1, false);


--
-- Name: feeds_id_seq; Type: SEQUENCE SET; Schema: public; Owner: postgres
--

SELECT pg_catalog.setval('public.feeds_id_seq', 1, false);


--
-- Name: versions_id_seq; Type: SEQUENCE SET; Schema: public; Owner: postgres
--

SELECT pg_catalog.setval('public.versions_id_seq', 1, false);


--
-- Name: articles articles_pkey; Type: CONSTRAINT; Schema: public; Owner: postgres
--

ALTER TABLE ONLY public.articles
    ADD CONSTRAINT articles_pkey PRIMARY KEY (id);


--
-- Name: diffs diffs_pkey; Type: CONSTRAINT; Schema: public; Owner: postgres
--

ALTER TABLE ONLY public.diffs
    ADD CONSTRAINT diffs_pkey PRIMARY KEY (id);


--
-- Name: feeds feeds_pkey; Type: CONSTRAINT; Schema: public; Owner: postgres
--

ALTER TABLE ONLY public.feeds
    ADD CONSTRAINT feeds_pkey PRIMARY KEY (id);


--
-- Name: versions versions_pkey; Type: CONSTRAINT; Schema: public; Owner: postgres
--

ALTER TABLE ONLY public.versions
    ADD CONSTRAINT versions_pkey PRIMARY KEY (id);


--
-- PostgreSQL database dump complete
--

\unrestrict fi34DUw3OeU4ntEGQYbopoSp2BabG7lRe5YfG3tesokwnBkfR6hO7ippkyPdXji

