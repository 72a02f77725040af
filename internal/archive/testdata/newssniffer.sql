/*M!999999\- enable the sandbox mode */ 
-- MariaDB dump 10.19  Distrib 10.11.19-MariaDB, for debian-linux-gnu (x86_64)
--
-- Host: localhost    Database: ns
-- ------------------------------------------------------
-- Server version	10.11.19-MariaDB-0+deb12u1

/*!40101 SET @OLD_CHARACTER_SET_CLIENT=@@CHARACTER_SET_CLIENT */;
/*!40101 SET @OLD_CHARACTER_SET_RESULTS=@@CHARACTER_SET_RESULTS */;
/*!40101 SET @OLD_COLLATION_CONNECTION=@@COLLATION_CONNECTION */;
/*!40101 SET NAMES utf8mb4 */;
/*!40103 SET @OLD_TIME_ZONE=@@TIME_ZONE */;
/*!40103 SET TIME_ZONE='+00:00' */;
/*!40014 SET @OLD_UNIQUE_CHECKS=@@UNIQUE_CHECKS, UNIQUE_CHECKS=0 */;
/*!40014 SET @OLD_FOREIGN_KEY_CHECKS=@@FOREIGN_KEY_CHECKS, FOREIGN_KEY_CHECKS=0 */;
/*!40101 SET @OLD_SQL_MODE=@@SQL_MODE, SQL_MODE='NO_AUTO_VALUE_ON_ZERO' */;
/*!40111 SET @OLD_SQL_NOTES=@@SQL_NOTES, SQL_NOTES=0 */;

--
-- Table structure for table `hys_comments`
--

DROP TABLE IF EXISTS `hys_comments`;
/*!40101 SET @saved_cs_client     = @@character_set_client */;
/*!40101 SET character_set_client = utf8mb4 */;
CREATE TABLE `hys_comments` (
  `id` int(11) NOT NULL AUTO_INCREMENT,
  `text` text DEFAULT NULL,
  PRIMARY KEY (`id`)
) ENGINE=InnoDB AUTO_INCREMENT=2 DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci;
/*!40101 SET character_set_client = @saved_cs_client */;

--
-- Dumping data for table `hys_comments`
--

LOCK TABLES `hys_comments` WRITE;
/*!40000 ALTER TABLE `hys_comments` DISABLE KEYS */;
INSERT INTO `hys_comments` VALUES
(1,'It\'s; not (ours), \\ at all');
/*!40000 ALTER TABLE `hys_comments` ENABLE KEYS */;
UNLOCK TABLES;

--
-- Table structure for table `news_article_version_texts`
--

DROP TABLE IF EXISTS `news_article_version_texts`;
/*!40101 SET @saved_cs_client     = @@character_set_client */;
/*!40101 SET character_set_client = utf8mb4 */;
CREATE TABLE `news_article_version_texts` (
  `news_article_version_id` int(11) NOT NULL,
  `text` mediumtext DEFAULT NULL,
  PRIMARY KEY (`news_article_version_id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci;
/*!40101 SET character_set_client = @saved_cs_client */;

--
-- Dumping data for table `news_article_version_texts`
--

LOCK TABLES `news_article_version_texts` WRITE;
/*!40000 ALTER TABLE `news_article_version_texts` DISABLE KEYS */;
INSERT INTO `news_article_version_texts` VALUES
(101,'The bridge was closed on Sunday.\n\"We wait for the wind to drop,\" the harbour master said.'),
(106,'A dog is lost in town.'),
(103,'The council voted.'),
(104,'The bridge reopened on Sunday evening.\n\"The wind has dropped,\" the harbour master said.\n'),
(105,'A dog is lost.'),
(107,'The dog of the café’s owner was found: back\\slash, tab	and all 🐕.'),
(108,'Nobody knows.');
/*!40000 ALTER TABLE `news_article_version_texts` ENABLE KEYS */;
UNLOCK TABLES;

--
-- Table structure for table `news_article_versions`
--

DROP TABLE IF EXISTS `news_article_versions`;
/*!40101 SET @saved_cs_client     = @@character_set_client */;
/*!40101 SET character_set_client = utf8mb4 */;
CREATE TABLE `news_article_versions` (
  `id` int(11) NOT NULL AUTO_INCREMENT,
  `news_article_id` int(11) DEFAULT NULL,
  `title` varchar(200) DEFAULT NULL,
  `url` varchar(250) DEFAULT NULL,
  `created_at` datetime DEFAULT NULL,
  `version` int(11) DEFAULT NULL,
  `text_hash` varchar(32) DEFAULT NULL,
  `comments_count` int(11) DEFAULT 0,
  `votes` int(11) DEFAULT 0,
  PRIMARY KEY (`id`),
  KEY `nav` (`news_article_id`)
) ENGINE=InnoDB AUTO_INCREMENT=109 DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci;
/*!40101 SET character_set_client = @saved_cs_client */;

--
-- Dumping data for table `news_article_versions`
--

LOCK TABLES `news_article_versions` WRITE;
/*!40000 ALTER TABLE `news_article_versions` DISABLE KEYS */;
INSERT INTO `news_article_versions` VALUES
(101,11,'Bridge closed by storm','https://herald.example.org/news/11','2012-03-04 05:10:00',0,'aa',0,0),
(102,12,'Minister \"will not\" resign','https://herald.example.org/news/12','2012-03-04 06:10:00',0,'bb',0,0),
(103,13,'Council votes','https://post.example.org/13','2012-03-04 07:10:00',0,'cc',0,0),
(104,11,'Bridge reopens after storm','https://www.herald.example.org/news/11-bridge','2012-03-04 09:10:00',1,'dd',0,0),
(105,15,'Dog lost','https://post.example.org/15','2012-03-04 09:10:00',0,'ee',0,0),
(106,15,'Dog lost in town','https://post.example.org/15','2012-03-04 10:10:00',1,'ff',0,0),
(107,15,'Café owner’s dog found','https://post.example.org/15','2012-03-04 11:10:00',2,'00',0,0),
(108,99,'Of no article','https://post.example.org/99','2012-03-04 11:10:00',0,'11',0,0);
/*!40000 ALTER TABLE `news_article_versions` ENABLE KEYS */;
UNLOCK TABLES;

--
-- Table structure for table `news_articles`
--

DROP TABLE IF EXISTS `news_articles`;
/*!40101 SET @saved_cs_client     = @@character_set_client */;
/*!40101 SET character_set_client = utf8mb4 */;
CREATE TABLE `news_articles` (
  `id` int(11) NOT NULL AUTO_INCREMENT,
  `created_at` datetime DEFAULT NULL,
  `updated_at` datetime DEFAULT NULL,
  `source` varchar(32) DEFAULT NULL,
  `guid` varchar(200) DEFAULT NULL,
  `url` varchar(250) DEFAULT NULL,
  `title` varchar(200) DEFAULT NULL,
  `published_at` datetime DEFAULT NULL,
  `versions_count` int(11) DEFAULT 0,
  `next_check_after` datetime DEFAULT NULL,
  `check_period` int(11) DEFAULT 0,
  `parser` varchar(255) DEFAULT NULL,
  `hidden` tinyint(1) DEFAULT 0,
  PRIMARY KEY (`id`),
  KEY `news_articles_guid_index` (`guid`)
) ENGINE=InnoDB AUTO_INCREMENT=16 DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci;
/*!40101 SET character_set_client = @saved_cs_client */;

--
-- Dumping data for table `news_articles`
--

LOCK TABLES `news_articles` WRITE;
/*!40000 ALTER TABLE `news_articles` DISABLE KEYS */;
INSERT INTO `news_articles` VALUES
(11,'2012-03-04 05:06:07','2012-03-05 00:00:00','herald','https://herald.example.org/id/11','https://herald.example.org/news/11','Bridge reopens after storm','2012-03-04 05:00:00',2,NULL,1800,'HeraldParserV1',0),
(12,'2012-03-04 06:00:00','2012-03-05 00:00:00','herald','tag:herald,12','https://herald.example.org/news/12','Minister \"will not\" resign','2012-03-04 05:59:00',1,NULL,1800,'HeraldParserV1',0),
(13,'2012-03-04 07:00:00','2012-03-05 00:00:00','Post & Star','13','https://post.example.org/13','Council votes','0000-00-00 00:00:00',1,NULL,1800,'PostParserV2',1),
(14,'2012-03-04 08:00:00','2012-03-05 00:00:00','Post & Star','14','https://post.example.org/14','Never fetched',NULL,0,NULL,1800,'PostParserV2',0),
(15,'2012-03-04 09:00:00','2012-03-05 00:00:00','Post & Star','15','https://post.example.org/15','Café owner’s dog found',NULL,3,NULL,1800,'PostParserV2',0);
/*!40000 ALTER TABLE `news_articles` ENABLE KEYS */;
UNLOCK TABLES;
/*!40103 SET TIME_ZONE=@OLD_TIME_ZONE */;

/*!40101 SET SQL_MODE=@OLD_SQL_MODE */;
/*!40014 SET FOREIGN_KEY_CHECKS=@OLD_FOREIGN_KEY_CHECKS */;
/*!40014 SET UNIQUE_CHECKS=@OLD_UNIQUE_CHECKS */;
/*!40101 SET CHARACTER_SET_CLIENT=@OLD_CHARACTER_SET_CLIENT */;
/*!40101 SET CHARACTER_SET_RESULTS=@OLD_CHARACTER_SET_RESULTS */;
/*!40101 SET COLLATION_CONNECTION=@OLD_COLLATION_CONNECTION */;
/*!40111 SET SQL_NOTES=@OLD_SQL_NOTES */;

-- Dump completed on 2026-11-23  6:16:17
