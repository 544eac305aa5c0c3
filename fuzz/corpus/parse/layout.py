if x:
	if y:
	    a
	else:
		b
if z:
  c
    
  d
#end