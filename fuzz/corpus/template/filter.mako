a ${message | u}
