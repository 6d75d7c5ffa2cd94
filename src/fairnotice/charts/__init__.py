"""Pictures made on the server as SVG: no script, no style attribute, no outside file. Pure.

The style sheet of the site gives them their colours, in light, dark and print, by classes that begin with
`chart-`. Whoever draws hands over ready words; the same words stand as text beside each picture.
"""
