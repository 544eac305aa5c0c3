print("before")
import mod_broken_encoding
