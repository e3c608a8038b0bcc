"""The protocol of MySQL and MariaDB: https://mariadb.com/kb/en/clientserver-protocol/."""
